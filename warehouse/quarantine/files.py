"""The quarantine on disk: which loads there are, which are checked, and how their files are written.

A landed file `lake/landing/<source>/<table>/as_of=N/<load>.parquet` has, once it is checked, a quarantine file with the
same path below `lake/quarantine/`: one row per landed row and broken rule, perhaps none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from warehouse.contracts import Contract, contracts
from warehouse.core.atomic import atomic_file
from warehouse.core.quoting import identifier, literal
from warehouse.core.settings import Settings

#: Columns of a quarantine file and their DuckDB types.
COLUMNS: dict[str, str] = {
    "source": "VARCHAR",
    "table_name": "VARCHAR",
    "_load_id": "VARCHAR",
    "_row_number": "BIGINT",
    "_as_of": "DATE",  # the night that landed the row, or would have
    "rule": "VARCHAR",
    "reason": "VARCHAR",
    "row": "VARCHAR",  # JSON text of the whole landed row
    "released_as_of": "DATE",  # the first night that uses the row again
}
_MEMORY_LIMIT = "4GB"


@dataclass(frozen=True, order=True)
class Load:
    """One landed file of one table."""

    night: date
    load_id: str
    landed: Path
    quarantine: Path

    @property
    def is_checked(self) -> bool:
        return self.quarantine.exists()


def connect(settings: Settings) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB in bounded memory, which spills under `settings.validation`."""
    spill = settings.validation / "spill"
    spill.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(config={"memory_limit": _MEMORY_LIMIT, "temp_directory": str(spill)})
    connection.execute("set preserve_insertion_order = false; set enable_progress_bar = false")
    return connection


def loads(settings: Settings, contract: Contract, as_of: date) -> list[Load]:
    """The landed files of a table that are visible at `as_of`, oldest first."""
    landing, quarantine = _folder(settings.landing, contract), _folder(settings.quarantine, contract)
    found = []
    for file in landing.glob("as_of=*/*.parquet"):
        night = date.fromisoformat(file.parent.name.removeprefix("as_of="))
        if night <= as_of:
            found.append(Load(night, file.stem, file, quarantine / file.parent.name / file.name))
    return sorted(found)


def quarantine_files(settings: Settings, contract: Contract) -> list[Path]:
    """All quarantine files of a table."""
    return sorted(_folder(settings.quarantine, contract).glob("as_of=*/*.parquet"))


def landed_relation(contract: Contract, files: Iterable[Path]) -> str:
    """SQL of the landed rows in `files`: those of the contract's columns and LANDING_COLUMNS that the files have."""
    listed = ", ".join(literal(str(file)) for file in files)
    if not listed:
        return f"(select {_nothing(contract.landed_types)} where false)"
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"


def quarantine_relation(files: Iterable[Path]) -> str:
    """SQL of the quarantine entries in `files`."""
    listed = ", ".join(literal(str(file)) for file in files)
    if not listed:
        return f"(select {_nothing(COLUMNS)} where false)"
    return f"read_parquet([{listed}], hive_partitioning = false)"


def write_entries(connection: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    """Write the entries that `query` selects, in order, to `file`."""
    ordered = f'select {", ".join(map(identifier, COLUMNS))} from ({query}) order by _load_id, _row_number, "rule"'
    with atomic_file(file) as draft:
        connection.execute(f"copy ({ordered}) to {literal(draft)} (format parquet, compression zstd)")


def write_schemas(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Write an empty `schema.parquet` per contract, so that readers always find a file."""
    for contract in contracts().values():
        file = _folder(settings.quarantine, contract) / "schema.parquet"
        if not file.exists():
            write_entries(connection, f"select {_nothing(COLUMNS)} where false", file)


def _folder(root: Path, contract: Contract) -> Path:
    return root / contract.source / contract.table


def _nothing(types: dict[str, str]) -> str:
    return ", ".join(f"cast(null as {kind}) as {identifier(name)}" for name, kind in types.items())
