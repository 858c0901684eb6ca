"""Paths and configuration of an installation. This is the only module that reads the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from os import environ
from pathlib import Path
from urllib.parse import unquote, urlsplit

from warehouse.core.configuration import Config, read_config
from warehouse.core.errors import ConfigurationError

PROJECT = Path(__file__).resolve().parents[2]

#: Switches off telemetry of all libraries; set for this process on import, and for every child process.
NO_TELEMETRY = {
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "GX_ANALYTICS_ENABLED": "false",
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "PROVIDERS__ENABLE_AIRFLOW_SECRETS": "false",  # else dlt imports Airflow and queries its database for each setting
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "1",
}
environ.update(NO_TELEMETRY)


@dataclass(frozen=True)
class Settings:
    """Paths and configuration of one installation; `home` holds everything the program writes.

    `connections` holds addresses and secrets that the caller has from another place, such as Airflow.
    """

    home: Path
    config_path: Path
    datasets: Path
    connections: Mapping[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def config(self) -> Config:
        return read_config(self.config_path)

    @property
    def landing(self) -> Path:
        return self.home / "lake" / "landing"

    @property
    def quarantine(self) -> Path:
        return self.home / "lake" / "quarantine"

    @property
    def features(self) -> Path:
        return self.home / "lake" / "features"

    @property
    def scores(self) -> Path:
        return self.home / "lake" / "scores"

    @property
    def history(self) -> Path:
        return self.home / "lake" / "history"

    @property
    def seeds(self) -> Path:
        return self.home / "lake" / "seeds"

    @property
    def own_seeds(self) -> Path | None:
        """The folder with the company's own lines of the seeds, where `rapport.yml` names one."""
        named = self.config.seeds
        return (self.config_path.parent / self.fill(named)).resolve() if named else None

    @property
    def warehouse_file(self) -> Path:
        return self.home / "warehouse.duckdb"

    @property
    def validation(self) -> Path:
        return self.home / "validation"

    @property
    def serving(self) -> Path:
        return self.home / "serving"

    @property
    def exports(self) -> Path:
        return self.home / "exports"

    @property
    def runs(self) -> Path:
        return self.home / "runs"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def mlflow(self) -> Path:
        return self.home / "mlflow"

    @property
    def airflow_home(self) -> Path:
        return self.home / "airflow"

    @property
    def mlflow_uri(self) -> str:
        """The MLflow server where one is configured, else the SQLite store under `home`."""
        return environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{self.mlflow / 'mlflow.db'}"

    def process_environment(self, **extra: str) -> dict[str, str]:
        """The environment for a child process (dbt, Airflow, MLflow): this installation, no telemetry, plus `extra`."""
        return {
            **environ,
            "RAPPORT_HOME": str(self.home),
            "RAPPORT_CONFIG": str(self.config_path),
            "RAPPORT_DATASETS": str(self.datasets),
            **NO_TELEMETRY,
            **extra,
        }

    def fill(self, text: str) -> str:
        """Fill `{home}` and `{datasets}` in a path or address of `rapport.yml`."""
        return text.replace("{home}", str(self.home)).replace("{datasets}", str(self.datasets))

    def connection(self, name: str) -> str:
        """The address (or secret) behind a connection of `rapport.yml`.

        Looked up in `connections`, then as the environment variable `AIRFLOW_CONN_<NAME>`, then as `<name>`.
        An address without a password may be in the file itself.

        Raises:
            ConfigurationError: it is not found, or the file contains a password.
        """
        value = self.connections.get(name) or environ.get(f"AIRFLOW_CONN_{name.upper()}") or environ.get(name)
        if value:
            return value
        if "://" not in name:
            raise ConfigurationError(
                f"{self.config_path}: connection '{name}' is not set; set AIRFLOW_CONN_{name.upper()} "
                f"or {name} in the environment, or make an Airflow connection of that id"
            )
        if unquote(urlsplit(name).password or ""):
            raise ConfigurationError(
                f"{self.config_path}: a connection holds a password; name an environment variable instead"
            )
        return self.fill(name)


def settings_from_environment(config: Path | None = None) -> Settings:
    """Settings from `RAPPORT_HOME`, `RAPPORT_CONFIG`, `RAPPORT_DATASETS`; relative paths are of the project."""

    def path(variable: str, default: str) -> Path:
        return (PROJECT / environ.get(variable, default)).resolve()

    return Settings(
        home=path("RAPPORT_HOME", "var"),
        config_path=config.resolve() if config else path("RAPPORT_CONFIG", "rapport.yml"),
        datasets=path("RAPPORT_DATASETS", "../shared/datasets"),
    )
