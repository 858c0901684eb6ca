"""Olist: what a broken delivery promise costs in satisfaction, from the published tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, theilslopes

from tests.company import Company
from tests.real_data.conftest import query, source

NIGHT = date(2018, 11, 1)
YEAR = pd.Timestamp(NIGHT - timedelta(days=365))


pytestmark = pytest.mark.slow


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


def test_the_broken_promise_has_the_largest_share_and_a_negative_effect(company: Company) -> None:
    rows = query(
        company,
        """
        select importance_rank, share_low, share_high, effect, effect_low, effect_high
        from scores.satisfaction_drivers where segment = 'all' order by importance_rank limit 2
        """,
    )
    (_, low, high, effect, effect_low, effect_high), (_, _, next_high, *_) = rows
    assert next_high < low < high
    assert effect_low < effect < effect_high < -1  # a late order costs more than a point, all else equal


def test_bad_reviews_of_late_orders_are_put_down_to_the_broken_promise(company: Company) -> None:
    shares = query(
        company,
        """
        select avg((cause_code = 'broken_delivery_promise')::int), count(*)
        from scores.root_causes
        join marts.fct_survey_responses using (response_id)
        join marts.fct_orders using (order_id)
        where scope = 'response' and cause_rank = 1 and is_late
        """,
    )
    share, count = shares[0]
    assert count == 0 or share > 0.9


def test_a_movement_of_the_review_score_adds_up(company: Company) -> None:
    rows = query(
        company,
        "select abs(sum(contribution) - any_value(change)) from marts.metric_movements group by metric, segment, days",
    )
    assert all(difference < 1e-6 for (difference,) in rows)


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


def orders() -> pd.DataFrame:
    """The raw orders with their person, state and calendar days late."""
    times = ["order_purchase_timestamp", "order_delivered_customer_date", "order_estimated_delivery_date"]
    raw = pd.read_csv(source("olist", "olist_orders_dataset.csv"), parse_dates=times)
    people = pd.read_csv(source("olist", "olist_customers_dataset.csv"))
    raw = raw.merge(people[["customer_id", "customer_unique_id", "customer_state"]], on="customer_id")
    late = (raw[times[1]].dt.normalize() - raw[times[2]].dt.normalize()).dt.days
    return raw.rename(columns=dict(zip(times, ("ordered_at", "delivered_at", "promised_at"), strict=True))).assign(
        late=late
    )


def reviews() -> pd.DataFrame:
    return pd.read_csv(source("olist", "olist_order_reviews_dataset.csv"), parse_dates=["review_answer_timestamp"])


def test_a_day_late_costs_a_quarter_of_a_point_whatever_the_very_late_orders_do(company: Company) -> None:
    first = reviews().sort_values("review_answer_timestamp").groupby("order_id")["review_score"].first()
    due = orders()
    due = due[due["delivered_at"] >= YEAR]
    answered = due.assign(score=due["order_id"].map(first)).dropna(subset=["score"])
    late = answered[answered["late"] >= 0]
    days = late.groupby("late")["score"].agg(["size", "mean"]).query("size >= 10")
    robust = theilslopes(days["mean"], days.index.to_numpy(float))
    plain = np.polyfit(late["late"], late["score"], 1)[0]
    row = query(
        company,
        """
        select promise_count, broken_answer_count, kept_score, broken_score, score_change_per_unit, score_change_low,
            score_change_high, plain_score_change_per_unit, unit_from, unit_to, tolerated_units
        from marts.expectation_calibration
        where promise = 'delivery' and touchpoint = 'all' and segment = 'all' and side = 'late'
        """,
    )[0]
    kept, broken = answered[answered["late"] <= 0]["score"].mean(), answered[answered["late"] > 0]["score"].mean()
    sizes = [len(due.dropna(subset=["late"])), (answered["late"] > 0).sum()]
    slopes = [robust.slope, robust.low_slope, robust.high_slope, plain]
    assert list(row) == pytest.approx([*sizes, kept, broken, *slopes, days.index.min(), days.index.max(), 2], abs=1e-4)
    assert slopes[:3] == pytest.approx([-0.254, -0.370, -0.125], abs=1e-3)
    assert plain == pytest.approx(-0.034, abs=1e-3)  # dominated by a few very late orders


def test_journeys_go_from_the_order_to_the_delivery_and_end_with_the_review(company: Company) -> None:
    """A journey: events of a person without a pause of 30 days; waiting for a delivery is not a pause."""
    paths: Counter[str] = Counter()
    filled = pd.read_csv(source("olist", "olist_order_items_dataset.csv"))["order_id"]  # others were never filled
    placed = orders()
    for _, bought in placed[placed["order_id"].isin(filled)].groupby("customer_unique_id"):
        touches = [(row.ordered_at, row.ordered_at, "order") for row in bought.itertuples()]
        touches += [
            (row.delivered_at, row.ordered_at, "delivery") for row in bought.dropna(subset=["late"]).itertuples()
        ]
        steps: list[str] = []
        begin = previous = pd.Timestamp(0)
        for moment, since, touchpoint in sorted(touches):
            if min(moment - previous, since - previous) > timedelta(days=30):
                paths[" > ".join(steps)] += bool(steps) and begin >= YEAR
                steps, begin = [], since
            steps += [touchpoint] if steps[-1:] != [touchpoint] else []
            previous = moment
        paths[" > ".join(steps)] += begin >= YEAR
    found = dict(query(company, "select path, journey_count from marts.journey_paths"))
    assert found == {path: count for path, count in paths.items() if count}
    assert found["order > delivery"] > 2500


def test_satisfied_customers_by_state_have_wilson_intervals(company: Company) -> None:
    state = orders().set_index("order_id")["customer_state"]
    given = reviews()
    given = given[given["review_answer_timestamp"] >= pd.Timestamp(NIGHT - timedelta(days=90))]
    given = given.assign(state=given["order_id"].map(state), is_satisfied=given["review_score"] >= 4)
    found = query(
        company,
        """
        select dimension_value, response_count, value, interval_low, interval_high
        from marts.satisfaction_metrics
        where metric = 'csat_top2' and dimension = 'region' and window_days = 90 and response_count > 0
        """,
    )
    assert len(found) == given["state"].nunique() > 5
    for name, count, value, low, high in found:
        satisfied = given[given["state"] == name]["is_satisfied"]
        wilson = binomtest(int(satisfied.sum()), len(satisfied)).proportion_ci(method="wilson")
        assert (count, value) == (len(satisfied), pytest.approx(satisfied.mean(), abs=1e-6))
        assert (low, high) == pytest.approx((wilson.low, wilson.high), abs=2e-4)
