"""A night that goes on from the one before gives what a night made anew from the lake gives, in every table."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from tests.company import Company
from tests.contents import fingerprints

#: What changed since the night before is nothing where everything is made anew.
CHANGES = "intermediate.int_changes__"


def test_nights_that_go_on_from_each_other_equal_a_rebuild_from_the_lake(
    trained: Company, first_night: date, tmp_path: Path
) -> None:
    company = trained.copy(tmp_path / "home")
    warehouse = company.home / "warehouse.duckdb"
    for days in (1, 3):
        night = first_night + timedelta(days=days)
        assert f"from the night of {night - timedelta(days=(days + 1) // 2)} on" in company.nightly(night)
    published, built = company.contents(), fingerprints(warehouse)

    warehouse.unlink()
    assert "from the night of" not in company.nightly(night)
    anew = fingerprints(warehouse)
    assert {table: rows for table, rows in anew.items() if built[table] != rows and not table.startswith(CHANGES)} == {}
    assert company.contents() == published
