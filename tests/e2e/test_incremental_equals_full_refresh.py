"""An incremental run gives the tables of a full refresh from the lake, every one of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.contents import fingerprints
from tests.e2e.conftest import LaterRuns

#: Rows changed since the previous run: a full refresh has none.
CHANGES = "intermediate.int_changes__"


def test_incremental_runs_one_after_the_other_equal_a_full_refresh_from_the_lake(
    later_runs: LaterRuns, first_night: date, tmp_path: Path
) -> None:
    before = [first_night, *later_runs.nights]
    for earlier, printed in zip(before, later_runs.printed, strict=False):
        assert f"incremental run; previous run: {earlier}" in printed
    company = later_runs.company.copy(tmp_path / "home")
    warehouse = company.home / "warehouse.duckdb"
    published, built = company.contents(), fingerprints(warehouse)

    warehouse.unlink()
    assert "incremental run" not in company.nightly(later_runs.nights[-1])
    refreshed = fingerprints(warehouse)
    assert {
        table: rows for table, rows in refreshed.items() if built[table] != rows and not table.startswith(CHANGES)
    } == {}
    assert company.contents() == published
