"""Models are tracked and registered in MLflow; the champion is an alias there and nowhere else."""

from __future__ import annotations

import contextlib
import copy
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.core.errors import ModelError
from warehouse.core.settings import Settings

if TYPE_CHECKING:  # importing it takes long, and reading a champion does not need it
    import xgboost as xgb

_CHATTY = ("mlflow", "alembic", "sqlalchemy", "git", "matplotlib")


@dataclass(frozen=True)
class Version:
    """A registered version of a model; `fingerprint` identifies the model file bit for bit."""

    name: str
    number: str
    run_id: str
    fingerprint: str


@dataclass(frozen=True)
class Record:
    """What is logged with a model when it is registered."""

    params: dict[str, str | int | float]
    metrics: dict[str, float]
    tags: dict[str, str]
    card: str
    fingerprint: str


class Registry:
    """The MLflow store of one installation: an SQLite file under `home`, or the server that is configured."""

    def __init__(self, settings: Settings) -> None:
        _log_to(settings.logs / "mlflow.log")
        from mlflow import MlflowClient

        settings.mlflow.mkdir(parents=True, exist_ok=True)
        _log_to(settings.logs / "mlflow.log")
        self._fallen: frozenset[str] = frozenset()
        self._client = MlflowClient(tracking_uri=settings.mlflow_uri, registry_uri=settings.mlflow_uri)
        self._artifacts = None
        if settings.mlflow_uri.startswith("sqlite"):
            self._artifacts = (settings.mlflow / "artifacts").as_uri()

    def champion(self, name: str) -> Version | None:
        """The version that nightly scoring uses, or None."""
        return self._version_by_alias(name, "previous" if name in self._fallen else "champion")

    def previous(self, name: str) -> Version | None:
        """The champion before the current one, or None."""
        return self._version_by_alias(name, "previous")

    def falling_back(self, names: Iterable[str]) -> Registry:
        """This registry with the previous versions of these models as champions."""
        other = copy.copy(self)
        other._fallen = frozenset(names)
        return other

    def challenger(self, name: str) -> Version | None:
        """The latest version that was refused, or None."""
        return self._version_by_alias(name, "challenger")

    def register(self, name: str, booster: xgb.Booster | None, folder: Path, record: Record) -> Version:
        """Log a run with its metrics and the files of `folder`, and register the model with them.

        A booster is also saved in the format of MLflow, in `model/`.
        """
        from mlflow.entities import Metric, Param, RunTag

        run = self._client.create_run(self._experiment(name), run_name=f"{name} {record.params.get('as_of', '')}")
        run_id = run.info.run_id
        if booster is not None:
            _save_booster(booster, folder / "model")
        self._client.log_batch(
            run_id,
            metrics=[Metric(key, number, run.info.start_time, 0) for key, number in record.metrics.items()],
            params=[Param(key, str(value)) for key, value in record.params.items()],
            tags=[RunTag(key, text) for key, text in record.tags.items()],
        )
        self._client.log_artifacts(run_id, str(folder))
        self._client.log_text(run_id, record.card, "model_card.md")
        self._client.set_terminated(run_id)
        self._ensure_model(name)
        tags = {**record.tags, "fingerprint": record.fingerprint}
        version = self._client.create_model_version(
            name,
            source=f"{run.info.artifact_uri}{'/model' if booster else ''}",
            run_id=run_id,
            tags=tags,
            description=record.card,
        )
        return Version(name, str(version.version), run_id, record.fingerprint)

    def promote(self, version: Version) -> None:
        """Make a version the champion; the champion before it gets the alias `previous`."""
        before = self._version_by_alias(version.name, "champion")
        if before and before.number != version.number:
            self._client.set_registered_model_alias(version.name, "previous", before.number)
        self._client.set_registered_model_alias(version.name, "champion", version.number)

    def refuse(self, version: Version, reason: str) -> None:
        """Keep a version as challenger, with the reason against promotion."""
        self._client.set_registered_model_alias(version.name, "challenger", version.number)
        self._client.set_model_version_tag(version.name, version.number, "refused_because", reason)

    def metrics(self, version: Version) -> dict[str, float]:
        """The figures that were logged for a version."""
        return dict(self._client.get_run(version.run_id).data.metrics)

    def tags(self, version: Version) -> dict[str, str]:
        """The tags of a version."""
        return dict(self._client.get_model_version(version.name, version.number).tags)

    def folder(self, version: Version) -> Path:
        """The folder with the files of a version: `model/` and all files it was registered with."""
        from mlflow.artifacts import download_artifacts

        return Path(download_artifacts(run_id=version.run_id, tracking_uri=self._client.tracking_uri))

    def names_with_champion(self) -> list[str]:
        """The models that have a champion."""
        return sorted(model.name for model in self._client.search_registered_models() if "champion" in model.aliases)

    def version(self, name: str, number: str) -> Version | None:
        """A version by its number, or None."""
        from mlflow.exceptions import MlflowException

        try:
            found = self._client.get_model_version(name, number)
        except MlflowException:
            return None
        return Version(name, str(found.version), str(found.run_id), found.tags.get("fingerprint", ""))

    def _version_by_alias(self, name: str, alias: str) -> Version | None:
        from mlflow.exceptions import MlflowException

        try:
            found = self._client.get_model_version_by_alias(name, alias)
        except MlflowException as error:
            if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                return None
            raise
        return Version(name, str(found.version), str(found.run_id), found.tags.get("fingerprint", ""))

    def _experiment(self, name: str) -> str:
        found = self._client.get_experiment_by_name(name)
        if found:
            return str(found.experiment_id)
        location = f"{self._artifacts}/{name}" if self._artifacts else None
        return str(self._client.create_experiment(name, artifact_location=location))

    def _ensure_model(self, name: str) -> None:
        from mlflow.exceptions import MlflowException

        with contextlib.suppress(MlflowException):
            self._client.create_registered_model(name)


def has_champion(settings: Settings) -> bool:
    """Whether any model is champion; does not create an MLflow store in a home without one."""
    if settings.mlflow_uri == f"sqlite:///{settings.mlflow / 'mlflow.db'}" and not settings.mlflow.exists():
        return False
    registry = Registry(settings)
    return bool(registry.names_with_champion())


def champion_metrics(settings: Settings, name: str) -> dict[str, float]:
    """The figures of the champion of a model, as measured before its promotion.

    Raises:
        ModelError: there is no champion.
    """
    registry = Registry(settings)
    champion = registry.champion(name)
    if champion is None:
        raise ModelError(f"{settings.mlflow_uri}: model '{name}' has no champion; run `rapport train`")
    return registry.metrics(champion)


def _save_booster(booster: xgb.Booster, folder: Path) -> None:
    import mlflow.xgboost
    import xgboost as xgb

    requirements = [f"xgboost=={xgb.__version__}"]
    mlflow.xgboost.save_model(booster, str(folder), model_format="ubj", pip_requirements=requirements)


def _log_to(file: Path) -> None:
    """Log messages of MLflow and its libraries to a file, never to the terminal."""
    file.parent.mkdir(parents=True, exist_ok=True)
    for name in _CHATTY:
        logger = logging.getLogger(name)
        for handler in logger.handlers[:]:
            logger.removeHandler(handler)
        handler = logging.FileHandler(file, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        logger.addHandler(handler)
        logger.propagate = False
        logger.setLevel(logging.INFO if name == "mlflow" else logging.WARNING)
