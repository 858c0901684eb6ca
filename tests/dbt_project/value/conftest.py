"""One dbt build of the small company, with scores, past features and an earlier published night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import pandas as pd
import pytest

from tests.dbt_project.small_lake import SmallLake
from tests.dbt_project.value.company import NIGHT, Company

MODELS = ("+customer_360_daily", "+health_backtest", "+renewals_due", "+customer_rfm")
PAST = (
    NIGHT - timedelta(300),
    NIGHT - timedelta(200),
    NIGHT - timedelta(100),
    NIGHT - timedelta(20),
    NIGHT - timedelta(1),
)
LABELLED = PAST[:3]


@pytest.fixture(scope="session")
def company() -> Company:
    return Company()


def past_features(day: date, number: int) -> dict[str, object]:
    """The features of a customer on a past night that the health score reads."""
    return {
        "customer_key": f"k{number:03d}",
        "as_of": day,
        "has_active_subscription": number % 3 > 0,
        "has_ordered": True,
        "cancelled_subscription_count": 0.0 if number % 7 else 1.0,
        "days_since_last_use": float(number * 3 % 40),
        "days_since_last_order": float(number * 5 % 150),
        "last_csat": float(1 + number % 5) if number % 2 else None,
        "open_tickets": float(number % 3),
        "tenure_days": float(number * 13),
        "net_revenue_cents_90d": float(number * 100),
        "net_revenue_cents_180d": 9000.0,
    }


@pytest.fixture(scope="session")
def labels() -> pd.DataFrame:
    rows = [
        {
            "customer_key": f"k{number:03d}",
            "as_of": day,
            "definition": "contract",
            "is_churned": (number * 7 + day.day) % 100 < 60 - number % 40,
            "known_from": day + timedelta(90),
        }
        for day in LABELLED
        for number in range(120)
    ]
    return pd.DataFrame(rows)


@pytest.fixture(scope="session")
def past(company: Company) -> pd.DataFrame:
    return pd.DataFrame([past_features(day, number) for day in PAST for number in range(120)])


@pytest.fixture(scope="session")
def scores(company: Company) -> pd.DataFrame:
    ids = [row["customer_id"] for row in company.rows["crm.customers"]]
    return pd.DataFrame({"customer_id": ids, "churn_probability": [number % 50 / 100 for number in range(len(ids))]})


@pytest.fixture(scope="session")
def warehouse(
    tmp_path_factory: pytest.TempPathFactory,
    company: Company,
    scores: pd.DataFrame,
    past: pd.DataFrame,
    labels: pd.DataFrame,
) -> Iterator[duckdb.DuckDBPyConnection]:
    lake = SmallLake(tmp_path_factory.mktemp("value"))
    company.land(lake)
    keyed = scores.assign(as_of=NIGHT, risk_decile=5, model_version="1", run_id="r")
    keyed["customer_key"] = duckdb.query("select md5(customer_id) as key from keyed").df()["key"]
    history = pd.DataFrame({"customer_key": ["k001", "k001"], "health_score": [41, 42]})
    history["as_of"] = [NIGHT - timedelta(1), NIGHT - timedelta(91)]
    lake.put("scores/churn", keyed.drop(columns="customer_id"))
    lake.put("features/customer_features", past)
    lake.put("features/churn_labels", labels)
    lake.put("history/customer_360_daily", history)
    with lake.build(NIGHT, *MODELS) as reader:
        yield reader
