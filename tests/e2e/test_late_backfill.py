"""A night that is run after later ones is what it would have been in its turn."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

from tests.company import Company
from tests.contents import fingerprints


def _untrained(trained: Company, home: Path) -> Company:
    """The company's source systems in a new home."""
    home.mkdir()
    shutil.copytree(trained.home / "demo", home / "demo")
    return Company(home, trained.config)


def test_a_night_run_after_later_ones_is_what_it_would_have_been(
    trained: Company, first_night: date, tmp_path: Path
) -> None:
    earlier = first_night - timedelta(days=3)
    in_turn = _untrained(trained, tmp_path / "in_turn")
    in_turn.nightly(earlier)
    late = _untrained(trained, tmp_path / "late")
    late.nightly(first_night)
    current = late.contents()
    late.nightly(earlier)
    assert late.contents() == current, "readers stay on the newest night"
    (release,) = late.home.glob(f"serving/releases/{earlier}-*/customer_360.duckdb")
    assert fingerprints(release) == in_turn.contents()
