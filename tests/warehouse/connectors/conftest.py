from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse.landing.company import SmallCompany


@pytest.fixture
def company(tmp_path: Path) -> SmallCompany:
    return SmallCompany(tmp_path)
