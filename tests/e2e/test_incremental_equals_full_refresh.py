"""Incremental runs give the same tables as a full refresh from the lake."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.contents import fingerprints
from tests.e2e.conftest import RunOn

#: Rows changed since the previous run: a full refresh has none.
CHANGES = "intermediate.int_changes__"


def test_incremental_runs_equal_a_full_refresh_from_the_lake(run_on: RunOn, first_night: date, tmp_path: Path) -> None:
    before = [first_night, *run_on.nights]
    for earlier, printed in zip(before, run_on.printed, strict=False):
        assert f"incremental run; previous run: {earlier}" in printed
    company = run_on.company.copy(tmp_path / "home")
    warehouse = company.home / "warehouse.duckdb"
    published, built = company.contents(), fingerprints(warehouse)

    warehouse.unlink()
    assert "incremental run" not in company.nightly(run_on.nights[-1])
    refreshed = fingerprints(warehouse)
    assert {
        table: rows for table, rows in refreshed.items() if built[table] != rows and not table.startswith(CHANGES)
    } == {}
    assert company.contents() == published
