"""Parquet files without rows: the columns of every landed table, also of tables that a company does not have."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from warehouse.contracts import contracts
from warehouse.core.atomic import atomic_file
from warehouse.core.quoting import identifier, literal


def write_schemas(landing: Path) -> None:
    """Write a file without rows per contract, so that readers find a file for every table."""
    with duckdb.connect() as connection:
        for contract in contracts().values():
            _write_schema(
                connection, contract.landed_types, landing / contract.source / contract.table / "schema.parquet"
            )


def _write_schema(connection: duckdb.DuckDBPyConnection, types: Mapping[str, str], file: Path) -> None:
    if file.exists() and _columns(connection, file) == types:
        return
    cells = ", ".join(f"cast(null as {kind}) as {identifier(name)}" for name, kind in types.items())
    with atomic_file(file) as draft:
        connection.execute(f"copy (select {cells} where false) to {literal(draft)} (format parquet)")


def _columns(connection: duckdb.DuckDBPyConnection, file: Path) -> dict[str, str]:
    """Names and types of the columns; none where the file is damaged, so that it is written again."""
    try:
        return {row[0]: row[1] for row in connection.execute(f"describe from read_parquet({literal(file)})").fetchall()}
    except duckdb.Error:
        return {}
