"""A small company made by a test: its sources, its configuration, and its landed rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import yaml

from warehouse.core.reports import StageReport
from warehouse.core.settings import Settings
from warehouse.landing import land

#: The required table, for tests of other tables.
CUSTOMERS = {"customers": {"from": "customers.csv"}}


@dataclass
class SmallCompany:
    """Sources under `folder / "sources"`, everything else under `folder / "home"`."""

    folder: Path

    def __post_init__(self) -> None:
        self.sources.mkdir(parents=True, exist_ok=True)
        self.write("customers.csv", "customer_id\nc1\n")

    @property
    def sources(self) -> Path:
        return self.folder / "sources"

    @property
    def database(self) -> Path:
        return self.sources / "crm.db"

    def settings(self, **connections: str) -> Settings:
        return Settings(self.folder / "home", self.folder / "rapport.yml", self.sources, connections)

    def write(self, name: str, content: str | bytes) -> None:
        file = self.sources / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def configure(self, **sources: Mapping[str, Any]) -> None:
        (self.folder / "rapport.yml").write_text(yaml.safe_dump({"sources": sources}), encoding="utf-8")

    def configure_files(self, crm: Mapping[str, Any] = CUSTOMERS, **others: Mapping[str, Any]) -> None:
        """Sources of connector `files`, tables by source."""
        tables = {"crm": crm, **others}
        self.configure(
            **{name: {"connector": "files", "path": "{datasets}", "tables": given} for name, given in tables.items()}
        )

    def configure_sqlite(self, **crm: Mapping[str, Any]) -> None:
        connection = "sqlite:///{datasets}/crm.db"
        self.configure(crm={"connector": "sql", "connection": connection, "tables": crm})

    def execute(self, sql: str, rows: Sequence[Sequence[object]] = ()) -> None:
        with sqlite3.connect(self.database) as connection:
            if rows:
                connection.executemany(sql, rows)
            else:
                connection.executescript(sql)

    def land(self, as_of: str, **connections: str) -> StageReport:
        return land(self.settings(**connections), date.fromisoformat(as_of))

    def landed(self, table: str, columns: str) -> list[tuple[Any, ...]]:
        """Columns of all landed rows of a table, in the order of their loads."""
        files = self.folder / "home" / "lake" / "landing" / table.replace(".", "/") / "**" / "*.parquet"
        return duckdb.sql(
            f"select {columns} from read_parquet('{files}', union_by_name=true, hive_partitioning=false) "
            "order by _load_id, _row_number"
        ).fetchall()


def rows_out(report: StageReport) -> dict[str, int]:
    return {count.table: count.rows_out for count in report.tables}
