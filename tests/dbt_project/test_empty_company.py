"""An empty company builds, and every unit test and data test of the project passes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.dbt_project.small_lake import SHARED_VARIABLES, SmallLake
from warehouse.building.dbt_process import run_dbt
from warehouse.core.settings import PROJECT

MODELS = PROJECT / "dbt_project" / "models"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that dbt can build and test, on an empty lake."""
    lake = SmallLake(tmp_path_factory.mktemp("empty"))
    run_dbt(lake.settings, "build", [], SHARED_VARIABLES)
    return lake.home


def results(home: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((home / "dbt" / "results.json").read_text(encoding="utf-8"))
    return found


def described(part: str) -> list[dict[str, Any]]:
    files = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in MODELS.rglob("*.yml")]
    return [entry for content in files for entry in content.get(part, [])]


def test_a_company_without_any_row_builds_empty_tables(home: Path) -> None:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as warehouse:
        tables = warehouse.execute(
            "select table_name from information_schema.tables where table_schema in ('marts', 'features', 'scores')"
        ).fetchall()
        schemas = {"marts": "marts", "lists": "marts", "features": "features", "scores": "scores"}
        places = {file.stem: schemas[folder] for folder in schemas for file in (MODELS / folder).rglob("*.sql")}
        rows = {
            table: warehouse.execute(f"select count(*) from {places[table]}.{table}").fetchone() for (table,) in tables
        }
        accounts = warehouse.execute("select count(*), sum(landed) from quality.row_accounts").fetchone()
    assert set(rows) == set(places)
    assert set(rows.values()) == {(0,)}
    assert accounts == (15, 0)


def test_every_unit_test_ran_and_passed(home: Path) -> None:
    ran = {result["name"]: result["status"] for result in results(home) if result["kind"] == "unit_test"}
    assert set(ran) == {test["name"] for test in described("unit_tests")}
    assert set(ran.values()) == {"pass"}


def test_every_data_test_ran_and_passed(home: Path) -> None:
    tests = [result for result in results(home) if result["kind"] == "test"]
    assert len(tests) > 150
    assert {result["status"] for result in results(home)} <= {"pass", "success", "no-op"}
