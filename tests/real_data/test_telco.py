"""Telco: churn from attributes alone, in five folds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ml.registry import champion_metrics
from tests.company import Company
from tests.real_data.conftest import query
from warehouse.settings import Settings


@pytest.fixture(scope="module")
def company(run_example: Callable[[str], Company]) -> Company:
    return run_example("telco")


def test_five_fold_auc_reaches_the_published_level(company: Company) -> None:
    settings = Settings(company.home, company.config, company.home)
    assert champion_metrics(settings, "churn")["auc"] >= 0.845


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
