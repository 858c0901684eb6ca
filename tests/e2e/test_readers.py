"""A reader that looks all the time sees whole nights only."""

from __future__ import annotations

from datetime import date

from tests.e2e.conftest import LaterRuns


def test_reader_never_sees_a_half_published_night(later_runs: LaterRuns, first_night: date) -> None:
    assert later_runs.read["errors"] == []
    assert later_runs.read["seen"] == [str(night) for night in [first_night, *later_runs.nights]]
    assert later_runs.read["reads"] > 100
