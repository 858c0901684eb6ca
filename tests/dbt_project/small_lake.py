"""A lake with a few rows, in the layout written by landing and checking, and a dbt build on it."""

from __future__ import annotations

import fcntl
import json
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from warehouse.building.dbt_process import DBT_PROJECT, project_file, read_project, run_dbt
from warehouse.building.read_back import write_empty_schemas
from warehouse.contracts import LAKE_TYPE, LANDING_COLUMNS, contracts
from warehouse.core.settings import PROJECT, Settings

QUARANTINE_COLUMNS = {
    "source": "VARCHAR",
    "table_name": "VARCHAR",
    "_load_id": "VARCHAR",
    "_row_number": "BIGINT",
    "_as_of": "DATE",
    "rule": "VARCHAR",
    "reason": "VARCHAR",
    "row": "VARCHAR",
    "released_as_of": "DATE",
}

#: Unit tests run on an empty company only; data tests run there and on the demo company.
WITHOUT_TESTS = ("--exclude-resource-type", "unit_test", "--exclude-resource-type", "test")
#: Variables with the same value for every small lake.
SHARED_VARIABLES = {"lake": "lake"}


def _write(file: Path, columns: dict[str, str], rows: list[dict[str, Any]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as writer:
        writer.execute(f"create table rows ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
        for row in rows:
            names = ", ".join(row)
            writer.execute(f"insert into rows ({names}) values ({', '.join('?' for _ in row)})", list(row.values()))
        writer.execute(f"copy rows to '{file}' (format parquet)")


@dataclass(frozen=True)
class SmallLake:
    """`home/lake` with every table empty, until rows are landed or written as a later stage would write them."""

    home: Path

    def __post_init__(self) -> None:
        for contract in contracts().values():
            place = Path(contract.source) / contract.table / "schema.parquet"
            _write(self.home / "lake/landing" / place, self._columns(contract.name), [])
            _write(self.home / "lake/quarantine" / place, QUARANTINE_COLUMNS, [])
        write_empty_schemas(self.settings)

    def _columns(self, table: str) -> dict[str, str]:
        own = {name: LAKE_TYPE[column.type] for name, column in contracts()[table].columns.items()}
        return own | LANDING_COLUMNS

    def land(self, table: str, night: date, rows: list[dict[str, Any]]) -> None:
        """Land rows (columns of the contract) in one load of the night."""
        load = f"{night}-01"
        marks = {"_load_id": load, "_as_of": night, "attributes": "{}"}
        landed = [marks | {"_row_number": number} | row for number, row in enumerate(rows, start=1)]
        source, name = table.split(".")
        place = self.home / "lake/landing" / source / name / f"as_of={night}" / f"{load}.parquet"
        _write(place, self._columns(table), landed)

    def quarantine(self, table: str, night: date, row_number: int, rules: list[str], released: date | None) -> None:
        """Quarantine one row of the night's load, by one or more rules."""
        source, name = table.split(".")
        load = f"{night}-01"
        entry = {"source": source, "table_name": name, "_load_id": load, "_row_number": row_number, "_as_of": night}
        rows = [entry | {"rule": rule, "row": json.dumps({}), "released_as_of": released} for rule in rules]
        place = self.home / "lake/quarantine" / source / name / f"as_of={night}" / f"{load}-{row_number}.parquet"
        _write(place, QUARANTINE_COLUMNS, rows)

    def put(self, table: str, frame: pd.DataFrame) -> None:
        """Write rows of a table that dbt reads back, such as `scores/churn`; columns left out stay empty."""
        folder = self.home / "lake" / table
        with duckdb.connect() as writer:
            writer.execute(f"create table rows as select * from read_parquet('{folder}/schema.parquet')")
            writer.register("frame", frame)
            names = ", ".join(frame.columns)
            writer.execute(f"insert into rows ({names}) select {names} from frame")
            writer.execute(f"copy rows to '{folder}/part-0.parquet' (format parquet)")

    def build(self, as_of: date, *selected: str, previous: date | None = None) -> duckdb.DuckDBPyConnection:
        """Build the selected models and seeds for the night and return a reader of the warehouse.

        `previous` is the night that the warehouse already contains; the run is incremental from it.
        """
        night = {
            "as_of": str(as_of),
            "snapshots": [],
            "previous_as_of": str(previous) if previous else None,
            "features_kept": False,
        }
        copy_parsed_project(self.settings)
        run_dbt(self.settings, "build", [*WITHOUT_TESTS, "--select", *selected], SHARED_VARIABLES | night)
        return duckdb.connect(str(self.settings.warehouse_file), read_only=True)

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home, config_path=PROJECT / "rapport.yml", datasets=self.home)


def copy_parsed_project(settings: Settings) -> None:
    """Copy dbt's parsed project into a home. It is parsed once for all small lakes of all processes."""
    kept = Settings(home=PROJECT / ".pytest_cache" / "dbt_project", config_path=settings.config_path, datasets=Path())
    kept.home.mkdir(parents=True, exist_ok=True)
    with (kept.home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        file = project_file(kept)
        if file.exists() and file.stat().st_mtime < max(one.stat().st_mtime for one in DBT_PROJECT.rglob("*.*")):
            file.unlink()
        read_project(kept, SHARED_VARIABLES)
    project_file(settings).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, project_file(settings))
