from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.warehouse.connectors.api import Api, serve
from tests.warehouse.landing.company import SmallCompany


@pytest.fixture
def company(tmp_path: Path) -> SmallCompany:
    return SmallCompany(tmp_path)


@pytest.fixture
def api() -> Iterator[Api]:
    with serve() as served:
        yield served
