"""Step 5, write: the stamped rows as one Parquet file, and what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.contracts import Contract
from warehouse.core.quoting import identifier, literal
from warehouse.landing.stamp import Stamped
from warehouse.landing.table import LandingTable


@dataclass(frozen=True)
class Written:
    """Rows of the file; cells filled and rejected by column, and one rejected text each; `files`: draft -> place."""

    rows: int
    filled: dict[str, int]
    rejected: dict[str, int]
    example: dict[str, str]
    files: dict[str, str]


def write(connection: duckdb.DuckDBPyConnection, table: LandingTable, stamped: Stamped) -> Written:
    """Write the landed rows, and the hashes that a later load compares with, below the work folder of the load."""
    if not stamped.rows_read:
        return Written(0, {}, {}, {}, {})
    file, hashes = table.draft(table.landed_name), table.draft(table.hashes_name)
    _copy(connection, stamped.query, file, ", row_group_size 100000")
    rows, filled = _filled(connection, table.contract, file)
    if not rows:
        return Written(0, {}, {}, {}, {})
    files = {str(file): table.landed_name}
    if stamped.hashes is not None:
        _copy(connection, stamped.hashes, hashes)
        files[str(hashes)] = table.hashes_name
    cells = _rejected(connection, file)
    rejected = {name: count for name, count, _ in cells}
    return Written(rows, filled, rejected, {name: text for name, _, text in cells}, files)


def _copy(connection: duckdb.DuckDBPyConnection, query: str, file: Path, options: str = "") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f"copy ({query}) to {literal(file)} (format parquet, compression zstd{options})")


def _filled(connection: duckdb.DuckDBPyConnection, contract: Contract, file: Path) -> tuple[int, dict[str, int]]:
    names = list(contract.columns)
    counts = ", ".join(f"count({identifier(name)})" for name in names)
    total = connection.execute(f"select count(*), {counts} from {_landed(file)}").fetchone()
    assert total is not None  # noqa: S101
    return total[0], dict(zip(names, total[1:], strict=True))


def _rejected(connection: duckdb.DuckDBPyConnection, file: Path) -> list[tuple[str, int, str]]:
    return connection.execute(
        "select cell.key, count(*), min(cell.value ->> '$') "
        f"from (select rejected_cells from {_landed(file)} where rejected_cells is not null) rows, "
        "json_each(rows.rejected_cells) cell group by cell.key order by cell.key"
    ).fetchall()


def _landed(file: Path) -> str:
    return f"read_parquet({literal(file)}, hive_partitioning=false)"
