"""Stage *land*: what the sources recorded before the night, as append-only Parquet in the lake."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from warehouse.contracts import contracts
from warehouse.core.errors import ContractError, RapportError
from warehouse.core.reports import StageReport, TableCount
from warehouse.core.settings import Settings
from warehouse.landing.manifests import Loads
from warehouse.landing.schemas import write_schemas
from warehouse.landing.source import SourceLanding


def land(settings: Settings, as_of: date) -> StageReport:
    """Land all sources for the night `as_of`: rows whose cursor is before it and that did not land yet.

    A table that fails does not keep the others from landing; a rerun lands only what is still missing.

    Raises:
        ContractError, SourceError: after all else has landed, with one line a failed table.
    """
    required = [name for name, contract in contracts().items() if contract.required]
    reports, errors = [], [_not_mapped(name) for name in required if settings.config.mapping(name) is None]
    with _alone(settings):
        for source in settings.config.sources:
            report, failed = _land(settings, source, as_of)
            reports.append(report)
            errors += failed
    _raise(errors)
    return _combined(reports, _switched_off(settings))


def land_source(settings: Settings, source: str, as_of: date) -> StageReport:
    """Land one source; see `land`."""
    with _alone(settings):
        report, errors = _land(settings, source, as_of)
    _raise(errors)
    return report


def _land(settings: Settings, source: str, as_of: date) -> tuple[StageReport, list[RapportError]]:
    work = settings.home / "staging" / "landing" / source
    shutil.rmtree(work, ignore_errors=True)
    landing = SourceLanding(settings, source, as_of, work)
    try:
        landing.run()
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return _combined([landing.report], ()), landing.errors


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """One landing at a time; commits of a killed run are finished before anything else."""
    loads = settings.landing / "_loads"
    loads.mkdir(parents=True, exist_ok=True)
    with (loads / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        Loads(settings.landing).recover()
        write_schemas(settings.landing)
        yield


def _combined(reports: list[StageReport], notes: tuple[str, ...]) -> StageReport:
    tables: list[TableCount] = [table for report in reports for table in report.tables]
    return StageReport(
        stage="land",
        rows_in=sum(table.rows_in for table in tables),
        rows_out=sum(table.rows_out for table in tables),
        rows_rejected=sum(table.rows_rejected for table in tables),
        tables=tuple(tables),
        notes=(*dict.fromkeys(note for report in reports for note in report.notes), *notes),
    )


def _switched_off(settings: Settings) -> tuple[str, ...]:
    absent = [name for name in contracts() if settings.config.mapping(name) is None]
    return (f"not supplied, what needs it is off: {', '.join(absent)}",) if absent else ()


def _not_mapped(name: str) -> RapportError:
    return ContractError(f"{name}: a company must give its customers; map the table under `sources` in rapport.yml")


def _raise(errors: list[RapportError]) -> None:
    if errors:
        kind = type(errors[0]) if len({type(error) for error in errors}) == 1 else ContractError
        raise kind(
            "; ".join(dict.fromkeys(str(error) for error in errors))
        )  # one source, one line, however many tables


__all__ = ["land", "land_source"]
