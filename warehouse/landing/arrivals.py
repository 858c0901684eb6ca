"""Staged rows become landed rows: bounded by the night, freed of what landed before, typed, numbered, written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.connectors.reading import ROW
from warehouse.contracts import Contract
from warehouse.core.quoting import identifier, literal
from warehouse.landing.bounds import Bounds, bound, time_of
from warehouse.landing.casts import SourceColumn
from warehouse.landing.manifests import Watermark
from warehouse.landing.mapping import TablePlan

#: What DuckDB may hold while rows are mapped; what does not fit goes to the work folder.
MEMORY_LIMIT = "3GB"


@dataclass(frozen=True)
class Arrival:
    """What one table of one load brought; `rejected` and `filled` count cells by column."""

    rows_read: int
    rows: int
    watermark: Watermark | None
    held_back: int
    rejected: dict[str, int]
    filled: dict[str, int]
    example: dict[str, str]


class Arrivals:
    """One table on its way from staged Parquet to a landed file, in one DuckDB session."""

    def __init__(self, work: Path) -> None:
        self._connection = duckdb.connect()
        self._connection.execute("set timezone = 'UTC'")
        self._connection.execute(f"set temp_directory = {literal(work / 'spill')}")
        self._connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        # short lists would become joins, and filters on a mapped column would repeat the whole mapping in the filter
        self._connection.execute("set disabled_optimizers = 'in_clause,filter_pushdown'")

    def columns(self, staged: Sequence[Path]) -> list[SourceColumn]:
        """Columns of the staged rows with their DuckDB types."""
        self._connection.execute(
            f"create or replace view staged as from read_parquet({_listed(staged)}, union_by_name=true)"
        )
        described = self._connection.execute("describe staged").fetchall()
        return [SourceColumn(row[0], row[1]) for row in described]

    def land(
        self, contract: Contract, plan: TablePlan, bounds: Bounds, load_id: str, file: Path, recent: Path
    ) -> Arrival:
        """Write the landed rows to `file`, and to `recent` the hashes of those that a later load may meet again."""
        self._connection.execute(f"create or replace view mapped as {plan.query('staged')}")
        read, watermark, held_back = self._overview(plan, bounds)
        if read:
            self._write(contract, plan, bounds, load_id, file)
        rows, filled, rejected, example = self._counts(contract, file) if read else (0, {}, {}, {})
        if rows and not bounds.distinct:
            self._remember(contract, plan, bounds, watermark, file, recent)
        if not rows:
            file.unlink(missing_ok=True)
        return Arrival(read, rows, watermark, held_back, rejected, filled, example)

    def _overview(self, plan: TablePlan, bounds: Bounds) -> tuple[int, Watermark | None, int]:
        too_late = "false" if plan.cursor_is_number else f"__cursor >= {time_of(bounds.as_of)}"
        row = self._connection.execute(
            f"select count(*) filter ({bounds.wanted(plan)}), max(__cursor) filter ({bounds.wanted(plan)}), "
            f"count(*) filter ({too_late}) from mapped"
        ).fetchone()
        assert row is not None  # noqa: S101
        self._connection.execute(f"create or replace view wanted as from mapped where {bounds.wanted(plan)}")
        return row

    def _write(self, contract: Contract, plan: TablePlan, bounds: Bounds, load_id: str, file: Path) -> None:
        columns = [identifier(name) for name in contract.columns]
        select = ", ".join(
            (
                *columns,
                "attributes",
                "rejected_cells",
                f"{literal(load_id)} as _load_id",
                f"{ROW} as _row_number",
                f"{bounds.known_from(plan)} as _as_of",
            )
        )
        file.parent.mkdir(parents=True, exist_ok=True)
        self._connection.execute(
            f"copy (select {select} from ({self._fresh(contract, plan, bounds)})) to {literal(file)} "
            "(format parquet, compression zstd, row_group_size 100000)"
        )

    def _fresh(self, contract: Contract, plan: TablePlan, bounds: Bounds) -> str:
        """Wanted rows that did not land before."""
        if bounds.distinct:
            return self._first_of_key(contract, plan, bounds)
        if not bounds.recent:
            return "from wanted"
        known = f"""
            select __hash, __scope, count(*) as copies
            from read_parquet({_listed(bounds.recent)})
            where __cursor is null or {bounds.at_or_after_since} group by all"""
        hashed = f"select *, {_hash(plan)} as __hash, {bounds.scope} as __scope from wanted"
        counted = f"select *, row_number() over (partition by __hash, __scope order by {ROW}) as __copy from ({hashed})"
        return (
            f"select counted.* from ({counted}) counted left join ({known}) known using (__hash, __scope) "
            f"where __copy > coalesce(copies, 0) order by {ROW}"
        )

    def _first_of_key(self, contract: Contract, plan: TablePlan, bounds: Bounds) -> str:
        """One row a key; which one is decided before anything but keys and cursor is worked on."""
        keys = ", ".join(identifier(key) for key in contract.key)
        filled = " and ".join(f"{identifier(key)} is not null" for key in contract.key)
        place = f"row_number() over (partition by {keys} order by __cursor nulls last, {ROW}) as __place"
        first = (
            f"select {keys}, {ROW} from (select {keys}, {ROW}, {place} from wanted where {filled}) where __place = 1"
        )
        if bounds.landed:
            known = f"select distinct {keys} from read_parquet({_listed(bounds.landed)})"
            first = f"select first.* from ({first}) first anti join ({known}) known using ({keys})"
        self._connection.execute(f"create or replace temp table chosen as select {ROW} from ({first})")
        return f"{plan.query(f'(from staged semi join chosen using ({ROW}))')} order by {ROW}"

    def _counts(self, contract: Contract, file: Path) -> tuple[int, dict[str, int], dict[str, int], dict[str, str]]:
        names = list(contract.columns)
        landed = f"read_parquet({literal(file)}, hive_partitioning=false)"
        counts = ", ".join(f"count({identifier(name)})" for name in names)
        total = self._connection.execute(f"select count(*), {counts} from {landed}").fetchone()
        assert total is not None  # noqa: S101
        cells = self._rejected(landed)
        rejected = {name: count for name, count, _ in cells}
        return total[0], dict(zip(names, total[1:], strict=True)), rejected, {name: text for name, _, text in cells}

    def _rejected(self, landed: str) -> list[tuple[str, int, str]]:
        return self._connection.execute(
            "select cell.key, count(*), min(cell.value ->> '$') "
            f"from (select rejected_cells from {landed} where rejected_cells is not null) rows, "
            "json_each(rows.rejected_cells) cell group by cell.key order by cell.key"
        ).fetchall()

    def _remember(
        self, contract: Contract, plan: TablePlan, bounds: Bounds, watermark: Watermark | None, file: Path, recent: Path
    ) -> None:
        since = bounds.since_of(watermark)
        near = "true" if since is None else f"__cursor is null or __cursor >= {bound(since)}"
        recent.parent.mkdir(parents=True, exist_ok=True)
        self._connection.execute(
            f"copy (select {_hash(plan)} as __hash, __scope, __cursor "
            f"from read_parquet({literal(file)}, hive_partitioning=false) landed "
            f"join (select {ROW}, {bounds.scope} as __scope, __cursor from wanted where {near}) near "
            f"on landed._row_number = near.{ROW} order by {ROW}) "
            f"to {literal(recent)} (format parquet, compression zstd)"
        )


def _hash(plan: TablePlan) -> str:
    """64 bits over all that a row says; not over keys that only number rows."""
    names = [identifier(column.name) for column in plan.columns if not column.is_number_of_row]
    cells = ", ".join(
        f"coalesce(cast({name} as varchar), chr(30))" for name in [*names, "attributes", "rejected_cells"]
    )
    return f"md5_number_lower(concat_ws(chr(31), {cells}))"


def _listed(files: Sequence[Path]) -> str:
    return "[" + ", ".join(literal(file) for file in files) + "], hive_partitioning=false"
