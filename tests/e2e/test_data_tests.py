"""Every data test of the project holds on a night of the demo company, also those that a night does not run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.company import Company
from warehouse.building.dbt_process import run_dbt
from warehouse.building.transform import variables
from warehouse.core.settings import Settings


def test_every_data_test_holds(trained: Company, first_night: date, tmp_path: Path) -> None:
    company = trained.copy(tmp_path / "home")
    settings = Settings(company.home, company.config, tmp_path)
    results = run_dbt(settings, "tests", ["--resource-type", "test"], variables(settings, first_night, [first_night]))
    tests = [result for result in results if result.kind == "test"]
    assert len(tests) > 600
    assert [test.name for test in tests if test.status != "pass"] == []
