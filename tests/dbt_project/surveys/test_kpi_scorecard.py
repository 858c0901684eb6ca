"""The eight KPIs, recomputed from tickets, orders and answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.dbt_project.surveys import statistics
from tests.dbt_project.surveys.conftest import Reader, seed
from tests.dbt_project.surveys.small_company import MIDNIGHT, ORDERS, TICKET_EVENTS, TICKETS, VALUES

WINDOWS = (7, 28, 90)


@pytest.fixture(scope="module")
def scorecard(published: Reader) -> pd.DataFrame:
    return published("kpi_scorecard", "kpi", "window_days")


def within(at: Any, window: int) -> bool:
    return bool(MIDNIGHT - timedelta(days=window) <= at < MIDNIGHT)


def interval(row: pd.Series) -> tuple[float, float]:
    return row["interval_low"], row["interval_high"]


@pytest.mark.parametrize("window", WINDOWS)
def test_first_contact_resolution_counts_tickets_without_reopening_or_follow_up(
    scorecard: pd.DataFrame, window: int
) -> None:
    reopened = {event["ticket_id"] for event in TICKET_EVENTS if event["event_type"] == "reopened"}
    outcomes = []
    for ticket in TICKETS:
        if ticket["resolved_at"] is None or not within(
            pd.Timestamp(ticket["resolved_at"]).normalize().to_pydatetime() + timedelta(days=7), window
        ):
            continue
        until = ticket["resolved_at"] + timedelta(days=7)
        if until > MIDNIGHT:
            continue
        again = [
            other
            for other in TICKETS
            if (other["customer_id"], other["category"]) == (ticket["customer_id"], ticket["category"])
            and ticket["opened_at"] < other["opened_at"] <= until
        ]
        outcomes.append(not again and ticket["ticket_id"] not in reopened)
    row = scorecard.loc[("first_contact_resolution", window)]
    assert len(outcomes) > 0
    assert row["sample_size"] == len(outcomes)
    assert row["value"] == pytest.approx(np.mean(outcomes), abs=1e-5)
    assert interval(row) == pytest.approx(statistics.wilson(sum(outcomes), len(outcomes)), abs=1e-5)


@pytest.mark.parametrize("window", WINDOWS)
def test_response_and_resolution_times_are_medians_of_the_window(scorecard: pd.DataFrame, window: int) -> None:
    first = [
        (ticket["first_response_at"] - ticket["opened_at"]).total_seconds() / 60
        for ticket in TICKETS
        if ticket["first_response_at"] and within(ticket["first_response_at"], window)
    ]
    solved = [
        (ticket["resolved_at"] - ticket["opened_at"]).total_seconds() / 3_600
        for ticket in TICKETS
        if ticket["is_complaint"] and ticket["resolved_at"] and within(ticket["resolved_at"], window)
    ]
    for kpi, times in (("first_response_minutes", first), ("complaint_resolution_hours", solved)):
        row = scorecard.loc[(kpi, window)]
        assert row["sample_size"] == len(times)
        assert row["value"] == pytest.approx(np.median(times), abs=1e-5)
        if len(times) >= 6:
            assert interval(row) == pytest.approx(statistics.median_interval(times), abs=1e-5)


@pytest.mark.parametrize("window", [0, *WINDOWS])
def test_repeat_purchase_rate_is_the_share_of_buyers_with_an_earlier_purchase(
    scorecard: pd.DataFrame, window: int
) -> None:
    paid = pd.DataFrame([order for order in ORDERS if order["amount_cents"] > 0])
    buyers = set(paid.loc[[window == 0 or within(at, window) for at in paid["ordered_at"]], "customer_id"])
    bought = paid["customer_id"].value_counts()
    repeated = sum(bought[buyer] >= 2 for buyer in buyers)
    row = scorecard.loc[("repeat_purchase_rate", window)]
    assert row["sample_size"] == len(buyers)
    assert row["value"] == pytest.approx(repeated / len(buyers), abs=1e-5)
    assert interval(row) == pytest.approx(statistics.wilson(repeated, len(buyers)), abs=1e-5)


def test_customer_value_is_the_mean_value_now_and_a_month_ago(scorecard: pd.DataFrame) -> None:
    tonight, before = VALUES["value_cents"], VALUES["previous_value_cents"].dropna()
    row = scorecard.loc[("customer_value_cents", 0)]
    assert 0 < len(before) < len(tonight) == row["sample_size"]
    assert row["value"] == pytest.approx(tonight.mean(), abs=1e-3)
    assert interval(row) == pytest.approx(statistics.normal(list(tonight)), abs=1e-3)
    assert row["previous_value"] == pytest.approx(before.mean(), abs=1e-3)
    low, high = statistics.normal(list(before))
    assert row["is_significant_change"] == (high < row["interval_low"] or low > row["interval_high"])


def test_survey_scores_equal_the_satisfaction_metrics(scorecard: pd.DataFrame, published: Reader) -> None:
    overall = published("satisfaction_metrics", "dimension", "metric", "window_days").loc["overall"]
    for kpi in ("nps", "csat_mean", "ces_mean"):
        pd.testing.assert_series_equal(scorecard.loc[kpi]["value"], overall.loc[kpi]["value"])


def test_status_is_the_side_of_the_target_of_a_reportable_value(scorecard: pd.DataFrame) -> None:
    targets = {row["metric"]: float(row["target"]) for row in seed("kpi_targets")}
    worse_when_high = {row["metric"] for row in seed("kpi_definitions") if row["is_higher_better"] == "false"}
    for (kpi, _), row in scorecard.iterrows():
        missed = row["value"] > targets[kpi] if kpi in worse_when_high else row["value"] < targets[kpi]
        expected = "too_few" if row["sample_size"] < 30 else ("off_target" if missed else "on_target")
        assert (row["status"], row["target"]) == (expected, targets[kpi])
        if pd.notna(row["interval_low"]):
            outside = not row["interval_low"] <= targets[kpi] <= row["interval_high"]
            assert row["is_beyond_chance"] == outside
    assert set(scorecard["status"]) == {"on_target", "off_target", "too_few"}
