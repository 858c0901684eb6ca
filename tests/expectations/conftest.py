"""What every test of the two boundaries starts from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.expectations.landed_files import make_settings
from warehouse.core.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path)
