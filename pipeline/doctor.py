"""`rapport doctor`: checks what is installed, configured and reachable, and says how to repair the rest."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from warehouse.connectors import connector
from warehouse.core.configuration import SourceConfig
from warehouse.core.errors import RapportError
from warehouse.core.settings import Settings

PACKAGES = ("apache-airflow", "dbt-core", "dbt-duckdb", "dlt", "duckdb", "great-expectations", "mlflow", "xgboost")
FREE_BYTES = 5 * 1024**3


@dataclass(frozen=True)
class Finding:
    """One check. `is_ok` is None for information that needs no action."""

    what: str
    is_ok: bool | None
    found: str
    to_do: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Check everything a night needs. Never raises: a problem is a finding."""
    findings = [_python(), *map(_package, PACKAGES), _disk(settings)]
    try:
        sources = settings.config.sources
    except RapportError as error:
        return [*findings, Finding("configuration", False, str(error), "correct it, see examples/")]
    findings.append(Finding("configuration", True, str(settings.config_path)))
    findings += [_source(settings, name, source) for name, source in sources.items()]
    return [*findings, _models(settings), _release(settings)]


def _python() -> Finding:
    is_ok = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return Finding("python", is_ok, sys.version.split()[0], "" if is_ok else "use Python 3.11 to 3.13")


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, "not installed", "make setup")


def _disk(settings: Settings) -> Finding:
    settings.home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.home).free
    is_ok = free > FREE_BYTES
    found = f"{settings.home}: {free / 1024**3:.0f} GB free"
    return Finding("home", is_ok, found, "" if is_ok else "free some space or set RAPPORT_HOME elsewhere")


def _source(settings: Settings, name: str, source: SourceConfig) -> Finding:
    try:
        return Finding(f"source {name}", True, connector(source).probe(settings, source))
    except RapportError as error:
        found, _, to_do = str(error).splitlines()[0].rpartition("; ")
        return Finding(f"source {name}", False, found or to_do, to_do if found else "check it in rapport.yml")


def _models(settings: Settings) -> Finding:
    if (settings.mlflow / "mlflow.db").exists() or not settings.mlflow_uri.startswith("sqlite"):
        return Finding("models", True, settings.mlflow_uri.split("@")[-1])
    return Finding("models", None, "no model yet", "rapport train")


def _release(settings: Settings) -> Finding:
    published = settings.serving / "customer_360.duckdb"
    if published.exists():
        return Finding("release", True, published.resolve().parent.name)
    return Finding("release", None, "nothing published yet", "rapport nightly")
