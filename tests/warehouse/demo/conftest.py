"""One demo company with many defects, shared by the tests that only read it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.warehouse.demo.sources import Sources, settings_of
from warehouse.demo import generate

DEFECT_RATE = 0.08


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    home = tmp_path_factory.mktemp("demo")
    generate(settings_of(home), customers=700, days=300, seed=11, end=date(2026, 11, 1), defect_rate=DEFECT_RATE)
    return Sources(home)
