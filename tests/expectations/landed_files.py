"""A small company whose landed files are written straight from the contracts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import yaml

from warehouse.contracts import LAKE_TYPE, LANDING_COLUMNS, contracts
from warehouse.core.settings import Settings

Row = Mapping[str, Any]

TABLES = {
    "crm": ["customers", "subscriptions", "orders", "loyalty_ledger", "employees"],
    "survey": ["responses", "answers"],
    "ticket": ["tickets", "ticket_events"],
}


def make_settings(folder: Path, quality: Row | None = None) -> Settings:
    sources = {
        source: {"connector": "files", "path": str(folder), "tables": {table: {"from": table} for table in tables}}
        for source, tables in TABLES.items()
    }
    config = folder / "rapport.yml"
    config.write_text(yaml.safe_dump({"sources": sources, "quality": dict(quality or {})}), encoding="utf-8")
    return Settings(home=folder / "home", config_path=config, datasets=folder)


def land(settings: Settings, name: str, night: str, rows: Sequence[Row], load: str = "01") -> Path:
    """Write `rows` as one landed file; `_rejected` of a row becomes its `rejected_cells`."""
    contract = contracts()[name]
    load_id = f"{night}-{load}"
    types = {column: LAKE_TYPE[spec.type] for column, spec in contract.columns.items()} | LANDING_COLUMNS
    file = settings.landing / contract.source / contract.table / f"as_of={night}" / f"{load_id}.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        columns = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
        connection.execute(f"create table landed ({columns})")
        for number, row in enumerate(rows, start=1):
            landing = {
                "attributes": "{}",
                "rejected_cells": json.dumps(row["_rejected"]) if "_rejected" in row else None,
                "_load_id": load_id,
                "_row_number": number,
                "_as_of": date.fromisoformat(night),
            }
            values = [landing.get(column, row.get(column)) for column in types]
            connection.execute(f"insert into landed values ({', '.join('?' for _ in values)})", values)
        connection.execute(f"copy landed to '{file}' (format parquet)")
    return file


def customer(number: int, **cells: Any) -> dict[str, Any]:
    given = {"customer_id": f"C{number}", "created_at": "2024-01-01 08:00:00", "updated_at": "2024-01-02 08:00:00"}
    return given | cells


def order(number: int, **cells: Any) -> dict[str, Any]:
    given = {
        "order_id": f"O{number}",
        "line_id": "1",
        "customer_id": "C1",
        "ordered_at": "2024-02-01 10:00:00",
        "amount_cents": 1000.0,
    }
    return given | cells


def quarantined(settings: Settings, name: str) -> list[tuple[Any, ...]]:
    """(load, row, rule, released) of every entry of a table, in order."""
    files = settings.quarantine / name.replace(".", "/") / "**" / "*.parquet"
    with duckdb.connect() as connection:
        return connection.execute(
            f"""select _load_id, _row_number, rule, cast(released_as_of as varchar)
            from read_parquet('{files}', hive_partitioning = false) order by all"""
        ).fetchall()
