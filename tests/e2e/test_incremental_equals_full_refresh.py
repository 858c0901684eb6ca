"""A night that goes on from the one before gives what a night made anew from the lake gives, in every table."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.contents import fingerprints
from tests.e2e.conftest import RunOn

#: Rows changed since the previous run: a full refresh has none.
CHANGES = "intermediate.int_changes__"


def test_nights_that_go_on_from_each_other_equal_a_rebuild_from_the_lake(
    run_on: RunOn, first_night: date, tmp_path: Path
) -> None:
    before = [first_night, *run_on.nights]
    for earlier, printed in zip(before, run_on.printed, strict=False):
        assert f"incremental run; previous run: {earlier}" in printed
    company = run_on.company.copy(tmp_path / "home")
    warehouse = company.home / "warehouse.duckdb"
    published, built = company.contents(), fingerprints(warehouse)

    warehouse.unlink()
    assert "incremental run" not in company.nightly(run_on.nights[-1])
    anew = fingerprints(warehouse)
    assert {table: rows for table, rows in anew.items() if built[table] != rows and not table.startswith(CHANGES)} == {}
    assert company.contents() == published
