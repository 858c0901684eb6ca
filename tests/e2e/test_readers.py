"""A reader that looks all the time sees whole nights only."""

from __future__ import annotations

from datetime import date

from tests.e2e.conftest import RunOn


def test_reader_never_sees_a_half_published_night(run_on: RunOn, first_night: date) -> None:
    assert run_on.read["errors"] == []
    assert run_on.read["seen"] == [str(night) for night in [first_night, *run_on.nights]]
    assert run_on.read["reads"] > 100
