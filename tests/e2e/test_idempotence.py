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
    printed = company.nightly(first_night)
    assert company.contents() == before
    assert company.published.readlink() == release
    assert all(not rows.startswith("0 rows") for table, rows in before.items() if table != "marts.identity_links")
    for stage in ("land", "check", "build", "score", "decide", "audit", "publish"):
        assert f"\n  {stage} " in f"\n{printed}"
    assert f"Retention list for {first_night}: 10 of " in printed
    assert "1. " in printed and "3. " in printed
    assert "customer_360.duckdb" in printed
