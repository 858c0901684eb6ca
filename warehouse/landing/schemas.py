"""Parquet files without rows: the columns of every landed table, also of tables that a company does not have."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from warehouse.contracts import LAKE_TYPE, LANDING_COLUMNS, contracts
from warehouse.core.atomic import atomic_file
from warehouse.core.quoting import identifier, literal


def write_schemas(landing: Path) -> None:
    """Write a file without rows per contract, so that readers find a file for every table."""
    with duckdb.connect() as connection:
        for contract in contracts().values():
            types = {name: LAKE_TYPE[column.type] for name, column in contract.columns.items()} | LANDING_COLUMNS
            _write_schema(connection, types, landing / contract.source / contract.table / "schema.parquet")


def _write_schema(connection: duckdb.DuckDBPyConnection, types: Mapping[str, str], file: Path) -> None:
    if file.exists():
        found = connection.execute(f"describe from read_parquet({literal(file)})").fetchall()
        if {row[0]: row[1] for row in found} == types:
            return
    cells = ", ".join(f"cast(null as {kind}) as {identifier(name)}" for name, kind in types.items())
    with atomic_file(file) as draft:
        connection.execute(f"copy (select {cells} where false) to {literal(draft)} (format parquet)")
