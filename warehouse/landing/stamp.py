"""Step 4, stamp: which rows are new to the lake, and the load, number and night that each of them gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from warehouse.connectors.reading import ORIGIN, ROW
from warehouse.core.quoting import identifier, literal
from warehouse.landing.cast import CastTable
from warehouse.landing.manifests import Watermark
from warehouse.landing.table import LandingTable

#: The relation of the rows in the bounds of the night: at or above the watermark, and before `as_of`.
IN_BOUNDS = "rows_in_bounds"


@dataclass(frozen=True)
class Stamped:
    """`query` selects the rows to land, `hashes` what a later load compares with (None: it needs nothing).

    `rows_read` are the rows in bounds, `watermark` is their greatest cursor, `rows_after_as_of` were left out.
    """

    query: str
    hashes: str | None
    rows_read: int
    watermark: Watermark | None
    rows_after_as_of: int


def stamp(connection: duckdb.DuckDBPyConnection, table: LandingTable, cast: CastTable, relation: str) -> Stamped:
    """Select the new rows of `relation` and stamp them with `_load_id`, `_row_number` and `_as_of`."""
    connection.execute(f"create temp view cast_rows as {cast.query(relation)}")
    bounds = _in_bounds(table, cast)
    too_late = "false" if cast.cursor_is_number else f"__cursor >= {_time(table.as_of)}"
    overview = connection.execute(
        f"select count(*) filter ({bounds}), max(__cursor) filter ({bounds}), count(*) filter ({too_late}) "
        "from cast_rows"
    ).fetchone()
    assert overview is not None  # noqa: S101
    rows_read, watermark, rows_after_as_of = overview
    connection.execute(f"create temp view {IN_BOUNDS} as from cast_rows where {bounds}")
    names = ", ".join((*map(identifier, table.contract.columns), "attributes", "rejected_cells"))
    stamps = f"{literal(table.load_id)} as _load_id, {ROW} as _row_number, {_known_from(table, cast)} as _as_of"
    new = _first_of_key(connection, table, cast, relation) if table.mapping.distinct else _not_landed(table, cast)
    hashes = None if table.mapping.distinct else _hashes(table, cast, watermark)
    return Stamped(f"select {names}, {stamps} from ({new})", hashes, rows_read, watermark, rows_after_as_of)


def _in_bounds(table: LandingTable, cast: CastTable) -> str:
    before = "true" if cast.cursor_is_number else f"__cursor < {_time(table.as_of)}"
    return f"__cursor is null or ({before} and {_at_or_after(table.since)})"


def _not_landed(table: LandingTable, cast: CastTable) -> str:
    """Rows in bounds less those of earlier loads; of several equal rows, as many as have not landed."""
    if not table.earlier_hashes:
        return f"from {IN_BOUNDS}"
    landed = (
        f"select __hash, __scope, count(*) as copies from read_parquet({_listed(table.earlier_hashes)}) "
        f"where __cursor is null or {_at_or_after(table.since)} group by all"
    )
    hashed = f"select *, {_hash(cast)} as __hash, {_scope(table)} as __scope from {IN_BOUNDS}"
    counted = f"select *, row_number() over (partition by __hash, __scope order by {ROW}) as __copy from ({hashed})"
    return (
        f"select counted.* from ({counted}) counted left join ({landed}) landed using (__hash, __scope) "
        f"where __copy > coalesce(copies, 0) order by {ROW}"
    )


def _first_of_key(connection: duckdb.DuckDBPyConnection, table: LandingTable, cast: CastTable, relation: str) -> str:
    """One row per key, the first by cursor; chosen by key and cursor alone, before other columns are cast."""
    keys = ", ".join(identifier(key) for key in table.contract.key)
    filled = " and ".join(f"{identifier(key)} is not null" for key in table.contract.key)
    place = f"row_number() over (partition by {keys} order by __cursor nulls last, {ROW}) as __place"
    first = (
        f"select {keys}, {ROW} from (select {keys}, {ROW}, {place} from {IN_BOUNDS} where {filled}) where __place = 1"
    )
    if table.earlier_files:
        landed = f"select distinct {keys} from read_parquet({_listed(table.earlier_files)})"
        first = f"select first.* from ({first}) first anti join ({landed}) landed using ({keys})"
    connection.execute(f"create temp table chosen as select {ROW} from ({first})")
    return f"{cast.query(f'(from {relation} semi join chosen using ({ROW}))')} order by {ROW}"


def _hashes(table: LandingTable, cast: CastTable, watermark: Watermark | None) -> str:
    """Hashes of the landed rows whose cursor a later load will read again."""
    since = table.less_lookback(watermark)
    near = "true" if since is None else f"__cursor is null or {_at_or_after(since)}"
    landed = f"read_parquet({literal(table.draft(table.landed_name))}, hive_partitioning=false)"
    return (
        f"select {_hash(cast)} as __hash, __scope, __cursor from {landed} landed "
        f"join (select {ROW}, {_scope(table)} as __scope, __cursor from {IN_BOUNDS} where {near}) near "
        f"on landed._row_number = near.{ROW} order by {ROW}"
    )


def _hash(cast: CastTable) -> str:
    """64 bits over all cells of a row, without generated keys."""
    names = [identifier(column.name) for column in cast.columns if not column.is_generated]
    cells = ", ".join(
        f"coalesce(cast({name} as varchar), chr(30))" for name in [*names, "attributes", "rejected_cells"]
    )
    return f"md5_number_lower(concat_ws(chr(31), {cells}))"


def _scope(table: LandingTable) -> str:
    """Without a cursor, equal rows of two files are two rows."""
    return "''" if table.mapping.cursor is not None else ORIGIN


def _known_from(table: LandingTable, cast: CastTable) -> str:
    """The night that would have landed the row, had every night been run: this makes a backfill equal to nightly runs.

    That is the day after the row's cursor or file date. It is `as_of` for rows that were due before the previous run
    but came later, and where no date is known.
    """
    as_of = f"date {literal(table.as_of)}"
    is_timed = table.mapping.cursor is not None and not cast.cursor_is_number
    if not (is_timed or "{date}" in table.mapping.source):
        return as_of
    file_date = f"regexp_extract({ORIGIN}, '\\d{{4}}-\\d{{2}}-\\d{{2}}')"
    day = "cast(__cursor as date)" if is_timed else f"try_cast({file_date} as date)"
    previous = table.earlier.last_night
    is_late = f"or {day} < date {literal(previous)}" if previous else ""
    return f"case when {day} is null {is_late} then {as_of} else least({as_of}, {day} + 1) end"


def _at_or_after(since: Watermark | None) -> str:
    if since is None:
        return "true"
    return f"__cursor >= timestamp {literal(since)}" if isinstance(since, datetime) else f"__cursor >= {since!r}"


def _time(day: date) -> str:
    return f"timestamp {literal(day)}"


def _listed(files: Sequence[Path]) -> str:
    return "[" + ", ".join(literal(file) for file in files) + "], hive_partitioning=false"
