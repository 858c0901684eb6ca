"""Telco: churn from attributes alone, in five folds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.company import Company
from tests.evaluations.telco import measure
from tests.real_data.conftest import query


@pytest.fixture(scope="module")
def company(run_example: Callable[[str], Company]) -> Company:
    return run_example("telco")


@pytest.mark.slow
def test_five_folds_rank_as_well_as_the_best_of_three_peers_and_are_calibrated(company: Company) -> None:
    figures = measure(company.home).figures
    assert figures["auc"] >= 0.847
    assert figures["auc_to_best_peer"] >= -0.002
    assert figures["calibration_error"] <= 0.03


def test_every_customer_is_scored(company: Company) -> None:
    rows = query(company, "select count(*), min(churn_probability) >= 0, max(churn_probability) <= 1 from scores.churn")
    assert rows == [(7043, True, True)]


def test_the_list_holds_only_customers_who_are_still_there(company: Company) -> None:
    rows = query(
        company,
        """
        select
            count(*),
            count(*) filter (json_extract_string(attributes, '$.Churn') = 'Yes'),
            min(expected_profit_cents) > 0
        from marts.retention_risk_list join marts.dim_customers using (customer_key) where is_current
        """,
    )
    assert rows == [(200, 0, True)]
