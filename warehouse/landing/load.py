"""One load of one source: each table goes through read, map, cast, stamp and write; then all are committed together."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from warehouse.connectors.reading import MissingTable
from warehouse.contracts import contracts
from warehouse.core.errors import ContractError, RapportError, SourceError
from warehouse.core.quoting import literal
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings
from warehouse.landing.cast import cast_cells
from warehouse.landing.manifests import Loads, Manifest, Pending, TableLoad
from warehouse.landing.map import map_columns
from warehouse.landing.read import RELATION, SourceRows, read
from warehouse.landing.schema_check import check_cells, column_changes
from warehouse.landing.stamp import Stamped, stamp
from warehouse.landing.table import LandingTable
from warehouse.landing.write import Written, write

#: What DuckDB may hold in memory for one table; the rest goes to the work folder.
MEMORY_LIMIT = "3GB"


@dataclass(frozen=True)
class Result:
    """The result of one table: its line in the report, notes, and what is to be committed or an error."""

    count: TableCount
    notes: tuple[str, ...] = ()
    entry: TableLoad | None = None
    files: tuple[tuple[str, str], ...] = ()  # draft -> place below `lake/landing`
    error: RapportError | None = None


def land_tables(settings: Settings, source: str, as_of: date) -> list[Result]:
    """Land the tables of one source and commit what is new as one load; a failed table does not stop the others."""
    work = settings.home / "staging" / "landing" / source
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        loads = Loads(settings.landing)
        load_id = loads.next_load_id(source, as_of)
        results = {}
        for name, mapping in settings.config.sources[source].tables.items():
            results[name] = _result(
                LandingTable(
                    settings=settings,
                    contract=contracts()[f"{source}.{name}"],
                    config=settings.config.sources[source],
                    mapping=mapping,
                    earlier=loads.landed(source, name),
                    as_of=as_of,
                    load_id=load_id,
                    work=work,
                )
            )
        entries = {name: result.entry for name, result in results.items() if result.entry}
        if entries:
            manifest = Manifest(load_id=load_id, source=source, as_of=as_of, tables=entries)
            moves = dict(move for result in results.values() for move in result.files)
            loads.commit(Pending(manifest=manifest, moves=moves))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return list(results.values())


def _result(table: LandingTable) -> Result:
    last = table.earlier.last_night
    if last and last > table.as_of:
        note = f"the later night {last} has landed already; no rows are added to an earlier night"
        return Result(TableCount(table.name, 0, 0), (note,))
    try:
        return _land(table)
    except MissingTable as error:
        if not table.contract.required:
            return Result(TableCount(table.name, 0, 0, status="off"), (f"{error}; what depends on it is switched off",))
        failed: RapportError = ContractError(f"{error} (it is required: no night runs without it)")
    except RapportError as error:
        failed = error
    except (duckdb.IOException, duckdb.InvalidInputException) as error:  # messages of others may quote cells
        reason = str(error).splitlines()[0]
        failed = SourceError(f"{table.name}: landing failed ({reason}); restore a damaged file from a backup")
    return Result(TableCount(table.name, 0, 0, status="failed"), error=failed)


def _land(table: LandingTable) -> Result:
    """Take one table through the five steps."""
    with _session(table) as connection:
        rows = read(connection, table)
        if not rows.columns:
            return _nothing_new(table, rows)
        mapped = map_columns(table, rows)
        cast = cast_cells(mapped)
        stamped = stamp(connection, table, cast, RELATION)
        written = write(connection, table, stamped)
    check_cells(table.contract, written.filled, written.rejected, rows.reading.place, written.example)
    return _landed(table, rows, stamped, written)


@contextmanager
def _session(table: LandingTable) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB in bounded memory for the rows of one table."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"set temp_directory = {literal(table.work / 'spill')}")
        connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        # short lists would become joins, and filters on a cast column would repeat the whole cast in the filter
        connection.execute("set disabled_optimizers = 'in_clause,filter_pushdown'")
        yield connection


def _nothing_new(table: LandingTable, rows: SourceRows) -> Result:
    entry = None
    if rows.reading.fingerprints:
        mark = table.earlier.watermark
        entry = TableLoad(
            rows_read=0, rows=0, file=None, hash_file=None, fingerprints=rows.reading.fingerprints,
            file_times=rows.reading.file_times, watermark_before=mark, watermark_after=mark, rows_after_as_of=0,
            columns=[],
        )  # fmt: skip
    return Result(TableCount(table.name, 0, 0), entry=entry)


def _landed(table: LandingTable, rows: SourceRows, stamped: Stamped, written: Written) -> Result:
    earlier, columns = table.earlier, [column.name for column in rows.columns]
    notes = column_changes(table.name, earlier.columns, columns)
    if written.rejected:
        cells = ", ".join(f"{column} {count}" for column, count in written.rejected.items())
        notes.insert(0, f"{table.name}: cells that are not of their column's type, kept in rejected_cells: {cells}")
    entry = None
    if written.rows or rows.reading.fingerprints or stamped.rows_after_as_of != earlier.rows_after_as_of:
        places = written.files.values()
        entry = TableLoad(
            rows_read=stamped.rows_read,
            rows=written.rows,
            file=table.landed_name if table.landed_name in places else None,
            hash_file=table.hashes_name if table.hashes_name in places else None,
            fingerprints=rows.reading.fingerprints,
            file_times=rows.reading.file_times,
            watermark_before=earlier.watermark,
            watermark_after=earlier.watermark if stamped.watermark is None else stamped.watermark,
            rows_after_as_of=stamped.rows_after_as_of,
            columns=columns,
        )
    count = TableCount(table.name, stamped.rows_read, written.rows)
    return Result(count, tuple(notes), entry, tuple(written.files.items()))
