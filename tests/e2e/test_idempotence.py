"""The same night again is the same night."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.company import Company


def test_same_night_twice_gives_identical_tables_and_the_same_release(
    trained: Company, first_night: date, tmp_path: Path
) -> None:
    company = trained.copy(tmp_path / "home")
    before, release = company.contents(), company.published.readlink()
    company.nightly(first_night)
    assert company.contents() == before
    assert company.published.readlink() == release
    assert all(not rows.startswith("0 rows") for table, rows in before.items() if table != "marts.identity_links")


def test_rebuilding_from_the_lake_gives_the_tables_of_the_night(
    trained: Company, first_night: date, tmp_path: Path
) -> None:
    company = trained.copy(tmp_path / "home")
    before = company.contents()
    (company.home / "warehouse.duckdb").unlink()
    company.nightly(first_night)
    assert company.contents() == before


def test_nightly_prints_every_stage_and_the_list_with_reasons(
    trained: Company, first_night: date, tmp_path: Path
) -> None:
    output = trained.copy(tmp_path / "home").nightly(first_night)
    for stage in ("land", "check", "build", "score", "decide", "audit", "publish"):
        assert f"\n  {stage} " in f"\n{output}"
    assert f"Retention list for {first_night}: 10 of " in output
    assert "1. " in output and "3. " in output
    assert "customer_360.duckdb" in output
