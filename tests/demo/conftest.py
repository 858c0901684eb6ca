"""Two demo companies, one with many defects and one with none, shared by the tests that only read them."""

from __future__ import annotations

from datetime import date

import pytest

from demo import generate
from tests.demo.sources import Sources, settings_of

DEFECT_RATE = 0.08


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """A larger company without defects, in which the planted effects should be found."""
    home = tmp_path_factory.mktemp("planted")
    generate(settings_of(home), customers=3_000, days=260, seed=7, end=date(2026, 11, 1), defect_rate=0.0)
    return Sources(home)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    home = tmp_path_factory.mktemp("demo")
    generate(settings_of(home), customers=700, days=300, seed=11, end=date(2026, 11, 1), defect_rate=DEFECT_RATE)
    return Sources(home)
