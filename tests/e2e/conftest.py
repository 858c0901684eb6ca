"""A demo company that has been trained and run once, copied for each test that runs it on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.company import Company
from warehouse.demo import DEFAULT_AS_OF

CUSTOMERS, DAYS = "1500", "480"


@pytest.fixture(scope="session")
def first_night() -> date:
    """Five nights before the demo company's last, so that tests can run it on."""
    return DEFAULT_AS_OF - timedelta(days=5)


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, first_night: date) -> Company:
    """Trained on, and run for, the first night."""
    company = Company(tmp_path_factory.mktemp("company") / "home")
    company.run("demo", "--customers", CUSTOMERS, "--days", DAYS)
    company.run("train", "--date", str(first_night))
    company.nightly(first_night)
    return company
