"""A night that is run after later ones is what it would have been in its turn."""

from __future__ import annotations

from pathlib import Path

from tests.company import Company
from tests.e2e.conftest import RunOn, released


def test_a_night_run_after_later_ones_is_what_it_would_have_been(
    trained: Company, run_on: RunOn, tmp_path: Path
) -> None:
    earlier, later, _ = run_on.nights
    late = trained.copy(tmp_path / "late")
    late.nightly(later)
    current = late.contents()
    late.nightly(earlier)
    assert late.contents() == current, "readers stay on the newest night"
    assert released(late, earlier) == run_on.release(earlier)
