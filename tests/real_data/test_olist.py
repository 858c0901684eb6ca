"""Olist: what a broken delivery promise costs in satisfaction, from the published tables."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.company import Company
from tests.real_data.conftest import query


@pytest.fixture(scope="module")
def company(run_example: Callable[[str], Company]) -> Company:
    return run_example("olist")


def test_satisfaction_on_time_and_late_comes_out_of_the_published_tables(company: Company) -> None:
    rows = query(
        company,
        """
        select is_late, count(*), round(avg(csat), 2)
        from marts.fct_survey_responses join marts.fct_orders using (order_id)
        where is_delivered group by is_late order by is_late
        """,
    )
    assert rows == [(False, 3617, 4.29), (True, 268, 2.15)]


def test_the_broken_delivery_promise_is_the_first_driver(company: Company) -> None:
    first = query(
        company,
        """
        select driver_code, direction from scores.satisfaction_drivers
        where segment = 'all' and importance_rank = 1 and is_reportable
        """,
    )
    assert first == [("broken_delivery_promise", "lowers")]


def test_every_row_is_accounted_for(company: Company) -> None:
    accounts = dict(
        query(
            company,
            """
            select source || '.' || table_name, landed from quality.row_accounts
            where landed > 0 and landed = used + quarantined + superseded
            """,
        )
    )
    assert accounts["survey.responses"] == 3986
    assert accounts["crm.orders"] == 4542  # lines: items of the orders, and orders without items
    assert accounts["crm.customers"] == 3998  # persons; customer_id is new with each order
