"""Stage *land*: rows that the sources recorded before the night, as append-only Parquet in the lake.

Each table passes through five steps, one module per step: `read` (connector to temporary table), `map` (source columns
to contract columns), `cast` (types of the contract), `stamp` (new rows: load, number, night), `write` (Parquet).
`manifests` then makes all tables of a source visible together.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from warehouse.contracts import contracts
from warehouse.core.errors import ContractError, RapportError
from warehouse.core.reports import StageReport
from warehouse.core.settings import Settings
from warehouse.landing.load import Result, land_tables
from warehouse.landing.manifests import Loads
from warehouse.landing.schemas import write_schemas


def land(settings: Settings, as_of: date) -> StageReport:
    """Land all sources for the night `as_of`: rows with a cursor before it that have not landed yet.

    A table that fails does not stop the others; another run lands only what is still missing.

    Raises:
        ContractError, SourceError: after all other tables have landed, with one line per failed table.
    """
    required = [name for name, contract in contracts().items() if contract.required]
    errors = [_not_mapped(name) for name in required if settings.config.mapping(name) is None]
    with _locked(settings):
        results = [result for source in settings.config.sources for result in land_tables(settings, source, as_of)]
    _raise([*errors, *(result.error for result in results if result.error)])
    return _report(results, _not_supplied(settings))


def land_source(settings: Settings, source: str, as_of: date) -> StageReport:
    """Land one source; see `land`."""
    with _locked(settings):
        results = land_tables(settings, source, as_of)
    _raise([result.error for result in results if result.error])
    return _report(results, ())


@contextmanager
def _locked(settings: Settings) -> Iterator[None]:
    """One landing at a time; commits of a killed run are finished first."""
    loads = settings.landing / "_loads"
    loads.mkdir(parents=True, exist_ok=True)
    with (loads / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        Loads(settings.landing).recover()
        write_schemas(settings.landing)
        yield


def _report(results: Sequence[Result], notes: tuple[str, ...]) -> StageReport:
    tables = tuple(result.count for result in results)
    return StageReport(
        stage="land",
        rows_in=sum(table.rows_in for table in tables),
        rows_out=sum(table.rows_out for table in tables),
        rows_rejected=sum(table.rows_rejected for table in tables),
        tables=tables,
        notes=(*dict.fromkeys(note for result in results for note in result.notes), *notes),
    )


def _not_supplied(settings: Settings) -> tuple[str, ...]:
    absent = [name for name in contracts() if settings.config.mapping(name) is None]
    return (f"not supplied; what depends on it is switched off: {', '.join(absent)}",) if absent else ()


def _not_mapped(name: str) -> RapportError:
    return ContractError(f"{name}: required, but not mapped; add the table under `sources` in rapport.yml")


def _raise(errors: list[RapportError]) -> None:
    if errors:
        kind = type(errors[0]) if len({type(error) for error in errors}) == 1 else ContractError
        # tables of one unreachable source fail with the same line
        raise kind("; ".join(dict.fromkeys(str(error) for error in errors)))


__all__ = ["land", "land_source"]
