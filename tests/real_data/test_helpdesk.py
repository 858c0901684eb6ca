"""Helpdesk: every ticket and event of the log is accounted for, and how long solving took."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.company import Company
from tests.real_data.conftest import query


@pytest.fixture(scope="module")
def company(run_example: Callable[[str], Company]) -> Company:
    return run_example("helpdesk")


def test_every_ticket_and_event_is_accounted_for(company: Company) -> None:
    rows = query(
        company,
        """
        select table_name, landed, used + quarantined + superseded from quality.row_accounts
        where source = 'ticket' order by table_name
        """,
    )
    assert rows == [("ticket_events", 21348, 21348), ("tickets", 4580, 4580)]
    assert query(company, "select count(*), sum(event_count) from marts.fct_tickets") == [(4580, 21348)]


def test_median_resolution_is_that_of_the_log(company: Company) -> None:
    hours = query(company, "select median(resolution_minutes) / 60 from marts.fct_tickets where is_resolved")[0][0]
    assert float(str(hours)) == pytest.approx(158.6, abs=1.5)
