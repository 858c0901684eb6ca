"""Promises, response times, improvements and experiments, recomputed with pandas and scipy from the landed rows."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy.stats import theilslopes

from tests.dbt_project.journey.company import END, EXPERIMENT, NIGHT, Company
from tests.dbt_project.journey.conftest import Read

YEAR = END - timedelta(days=365)


def deliveries(company: Company) -> pd.DataFrame:
    """Orders of the window with their lateness in days and their score."""
    scores = {row["order_id"]: row["csat"] for row in company.responses if "order_id" in row}
    frame = pd.DataFrame(company.orders)
    frame = frame[frame["delivered_at"] >= YEAR]
    late = (frame["delivered_at"].dt.normalize() - frame["promised_at"].dt.normalize()).dt.days
    return frame.assign(days=late, score=frame["order_id"].map(scores))


def test_delivery_calibration_equals_a_direct_calculation(company: Company, read: Read) -> None:
    frame = deliveries(company)
    where = "promise = 'delivery' and touchpoint = 'all' and segment = 'all'"
    row = read(f"select * from marts.expectation_calibration where {where}").set_index("side").loc["late"]
    assert row["promise_count"] == len(frame)
    assert row["kept_share"] == pytest.approx((frame["days"] <= 0).mean(), abs=1e-6)
    assert row["kept_share_low"] < row["kept_share"] < row["kept_share_high"]
    assert row["units_to_keep_nine_of_ten"] == pytest.approx(frame["days"].quantile(0.9), abs=1e-6)
    answered = frame.dropna(subset=["score"])
    assert row["kept_score"] == pytest.approx(answered[answered["days"] <= 0]["score"].mean(), abs=1e-6)
    means = answered[answered["days"] >= 0].groupby("days")["score"].agg(["size", "mean"]).query("size >= 10")
    expected = theilslopes(means["mean"], means.index.to_numpy(float))
    slopes = row[["score_change_per_unit", "score_change_low", "score_change_high"]].astype(float)
    assert slopes.tolist() == pytest.approx([expected.slope, expected.low_slope, expected.high_slope], abs=1e-5)
    late = answered[answered["days"] >= 0]
    assert row["plain_score_change_per_unit"] == pytest.approx(np.polyfit(late["days"], late["score"], 1)[0], abs=1e-5)


def test_segments_and_sides_of_all_promises_add_up(read: Read) -> None:
    found = read("select * from marts.expectation_calibration where touchpoint = 'all'")
    sums = found.groupby(["promise", "side", found["segment"] == "all"])["promise_count"].sum().unstack()
    assert set(found["promise"]) == {"delivery", "wait", "resolution"}
    assert (sums[True] == sums[False]).all()


def test_the_curve_of_the_response_time_has_the_means_of_its_bins(company: Company, read: Read) -> None:
    frame = pd.DataFrame(company.tickets)
    frame = frame[frame["opened_at"] >= YEAR]
    minutes = (frame["first_response_at"] - frame["opened_at"]).dt.total_seconds() / 60
    scores = {row["ticket_id"]: row["csat"] for row in company.responses if "ticket_id" in row}
    frame = frame.assign(minutes=minutes, score=frame["ticket_id"].map(scores)).dropna(subset=["score"])
    found = read("select * from marts.response_time_curve where outcome = 'satisfaction' order by bin_from_minutes")
    assert found["case_count"].sum() == len(frame)
    total = (found["mean_score"] * found["case_count"]).sum()
    assert total == pytest.approx(frame["score"].sum(), abs=1e-3)
    hour = frame[(frame["minutes"] >= 64) & (frame["minutes"] < 110)]
    row = found[found["bin_from_minutes"] == 60].iloc[0]
    assert row["case_count"] == pytest.approx(len(frame[(frame["minutes"] >= 60) & (frame["minutes"] < 120)]), abs=6)
    assert row["mean_score"] == pytest.approx(hour["score"].mean(), abs=0.4)
    assert row["score_low"] < row["mean_score"] < row["score_high"]
    assert row["knee_low"] <= row["knee_minutes"] <= row["knee_high"]


def test_tickets_past_the_waiting_period_have_a_resolution_outcome(company: Company, read: Read) -> None:
    old = [row for row in company.tickets if row["opened_at"] >= YEAR and (NIGHT - row["opened_at"].date()).days > 14]
    found = read(
        "select sum(case_count) as cases, min(mean_score) as worst "
        "from marts.response_time_curve where outcome = 'resolution'"
    )
    assert found["cases"][0] == len(old)
    assert found["worst"][0] == 1


def test_an_improvement_is_its_change_minus_the_change_of_the_control(company: Company, read: Read) -> None:
    start, window = date(2026, 5, 4), timedelta(days=150)
    regions = {row["customer_id"]: row["region"] for row in company.customers}
    cells: dict[tuple[str, bool], list[int]] = {}
    for row in company.responses:
        day = row["responded_at"].date()
        if row["touchpoint"] == "support" and start - window <= day < start + window:
            cells.setdefault((regions[row["customer_id"]], day >= start), []).append(row["csat"])
    mean = {key: float(np.mean(values)) for key, values in cells.items()}
    effect = mean["west", True] - mean["west", False] - (mean["east", True] - mean["east", False])
    error = np.sqrt(sum(np.var(cells[key], ddof=1) / len(cells[key]) for key in cells if key[0] in ("west", "east")))
    found = read("select * from marts.improvement_actions").set_index("action_id")
    row = found.loc["faster-call-backs-west"]
    assert row["method"] == "difference_in_differences"
    assert (row["before_count"], row["after_count"]) == (len(cells["west", False]), len(cells["west", True]))
    assert row["effect"] == pytest.approx(effect, abs=1e-6)
    assert (row["effect_low"], row["effect_high"]) == pytest.approx(
        (effect - 1.96 * error, effect + 1.96 * error), abs=1e-5
    )
    states = {"faster-call-backs-west": "done", "delivery-promise": "overdue", "billing-words": "planned"}
    assert found.loc[list(states), "state"].to_dict() == states


def test_affected_and_informed_customers_are_counted(company: Company, read: Read) -> None:
    start = datetime(2026, 5, 4)
    west = {row["customer_id"] for row in company.customers if row["region"] == "west"}
    times = [(row["customer_id"], row["opened_at"]) for row in company.tickets]
    times += [(row["customer_id"], row["responded_at"]) for row in company.responses if row["touchpoint"] == "support"]
    affected = {who for who, moment in times if who in west and start - timedelta(days=150) <= moment < start}
    informed = {row["customer_id"] for row in company.interactions if row["touchpoint"] == "improvement_notice"}
    row = read("select * from marts.improvement_actions where action_id = 'faster-call-backs-west'").iloc[0]
    assert (row["affected_count"], row["told_count"]) == (len(affected), len(affected & informed))
    assert 0 < row["told_count"] < row["affected_count"]


def test_a_declared_experiment_reports_the_difference_of_its_arms(company: Company, read: Read) -> None:
    lost = {row["customer_id"]: row["cancelled_at"] for row in company.subscriptions}
    arms: dict[str, list[int]] = {"treatment": [], "control": []}
    for row in company.interventions:
        left = lost[row["customer_id"]]
        is_lost = left is not None and left.date() <= (row["assigned_at"] + timedelta(days=180)).date()
        arms[row["arm"]].append(int(is_lost))
    row = read(f"select * from marts.experiment_results where experiment_id = '{EXPERIMENT}'").iloc[0]
    assert (row["treatment_count"], row["control_count"]) == (len(arms["treatment"]), len(arms["control"]))
    assert row["effect"] == pytest.approx(np.mean(arms["treatment"]) - np.mean(arms["control"]), abs=1e-6)
    assert row["effect_low"] < row["effect"] < row["effect_high"]
    assert row["is_sample_ratio_kept"]
    assert row["state"] == "over"
    assert row["decision"] in ("stop_no_effect", "stop_too_small", "stop_better", "stop_worse")
