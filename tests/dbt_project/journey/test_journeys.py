"""Journeys, touchpoints and paths equal those recomputed directly from the landed rows."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from tests.dbt_project.journey.company import END, Company
from tests.dbt_project.journey.conftest import Read

GAP, WINDOW, ANSWER = timedelta(days=30), timedelta(days=365), 30


def touches(company: Company) -> dict[str, list[tuple[datetime, str]]]:
    """Events of each customer in order: (time, touchpoint)."""
    rows: dict[str, list[tuple[datetime, str]]] = {row["customer_id"]: [] for row in company.customers}
    for row in company.subscriptions:
        rows[row["customer_id"]].append((row["started_at"], "onboarding"))
        if row["cancelled_at"]:
            rows[row["customer_id"]].append((row["cancelled_at"], "cancellation"))
    for row in company.orders:
        rows[row["customer_id"]] += [(row["ordered_at"], "order"), (row["delivered_at"], "delivery")]
    for row in company.tickets:
        rows[row["customer_id"]].append((row["opened_at"], "complaint" if row["is_complaint"] else "support"))
    for row in company.interactions:
        rows[row["customer_id"]].append((row["occurred_at"], row["touchpoint"]))
    return {customer: sorted(events) for customer, events in rows.items()}


def journeys(company: Company) -> list[tuple[str, list[tuple[datetime, datetime, str]]]]:
    """Customer and steps (first, last, touchpoint) of every journey that started within the window."""
    found = []
    for customer, events in touches(company).items():
        current: list[list[tuple[datetime, str]]] = []
        for touch in events:
            if not current or touch[0] - current[-1][-1][0] > GAP:
                current.append([])
            current[-1].append(touch)
        for journey in current:
            if journey[0][0] < END - WINDOW:
                continue
            steps: list[tuple[datetime, datetime, str]] = []
            for moment, touchpoint in journey:
                if steps and steps[-1][2] == touchpoint:
                    steps[-1] = (steps[-1][0], moment, touchpoint)
                else:
                    steps.append((moment, moment, touchpoint))
            found.append((customer, steps))
    return found


def is_over(steps: list[tuple[datetime, datetime, str]]) -> bool:
    return (END.date() - steps[-1][1].date()).days > 30


def answered(company: Company) -> dict[tuple[str, datetime], float]:
    """Mean score by customer and start of the step; an answer belongs to the last visit before it."""
    given: dict[tuple[str, datetime], list[int]] = {}
    steps = [(customer, step) for customer, journey in journeys(company) for step in journey]
    for row in company.responses:
        if row["touchpoint"] == "relationship":
            continue
        fitting = [
            (step[0], step)
            for customer, step in steps
            if customer == row["customer_id"]
            and step[2] == row["touchpoint"]
            and step[0] <= row["responded_at"]
            and (row["responded_at"].date() - step[1].date()).days <= ANSWER
        ]
        if fitting:
            given.setdefault((row["customer_id"], max(fitting)[0]), []).append(row["csat"])
    return {key: float(np.mean(scores)) for key, scores in given.items()}


def test_path_counts_equal_a_direct_count(company: Company, read: Read) -> None:
    over = [(customer, steps) for customer, steps in journeys(company) if is_over(steps)]
    names = [" > ".join(step[2] for step in steps[:8]) + (" > ..." if len(steps) > 8 else "") for _, steps in over]
    counts = Counter(names)
    frequent = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:100])
    found = read("select path, journey_count from marts.journey_paths where path != '(other paths)'")
    assert dict(zip(found["path"], found["journey_count"], strict=True)) == frequent
    assert read("select sum(journey_count) as all_journeys from marts.journey_paths")["all_journeys"][0] == len(over)


def test_the_end_of_a_path_is_the_last_score_of_its_journeys(company: Company, read: Read) -> None:
    scores, ends = answered(company), []
    for customer, steps in journeys(company):
        if is_over(steps) and [step[2] for step in steps] == ["order", "delivery"]:
            ends += [scores[customer, step[0]] for step in steps if (customer, step[0]) in scores][-1:]
    row = read("select * from marts.journey_paths where path = 'order > delivery'").iloc[0]
    assert row["scored_journey_count"] == len(ends) > 10
    assert row["mean_end_score"] == pytest.approx(np.mean(ends), abs=1e-6)
    reach = 1.96 * np.std(ends, ddof=1) / np.sqrt(len(ends))
    assert row["mean_end_score"] - row["end_score_low"] == pytest.approx(reach, rel=0.15)


def test_touchpoint_scores_and_drop_offs_equal_a_direct_calculation(company: Company, read: Read) -> None:
    scores, found_journeys = answered(company), journeys(company)
    found = read("select * from marts.journey_touchpoints where segment = 'all'").set_index("touchpoint")
    for touchpoint in ("delivery", "support"):
        given = [
            scores[customer, step[0]] for customer, steps in found_journeys for step in steps
            if step[2] == touchpoint and (customer, step[0]) in scores
        ]  # fmt: skip
        assert found.loc[touchpoint, "score_basis"] == "answers_about_it"
        assert found.loc[touchpoint, "scored_visit_count"] == len(given)
        assert found.loc[touchpoint, "mean_score"] == pytest.approx(np.mean(given), abs=1e-6)
    over = [steps for _, steps in found_journeys if is_over(steps) and any(step[2] == "delivery" for step in steps)]
    share = np.mean([steps[-1][2] == "delivery" for steps in over])
    assert found.loc["delivery", "drop_off_share"] == pytest.approx(share, abs=1e-6)
    assert found.loc["delivery", "drop_off_low"] < share < found.loc["delivery", "drop_off_high"]


def test_opportunity_is_weight_times_shortfall_and_segments_add_up(read: Read) -> None:
    found = read("select * from marts.journey_touchpoints")
    weighed = found[found["weight"].notna() & found["mean_score"].notna()]
    assert len(weighed) > 5
    shortfall = (4.2 - weighed["mean_score"]).clip(lower=0)
    pd.testing.assert_series_equal(
        weighed["opportunity"], (weighed["weight"] * shortfall).round(6), check_names=False, atol=2e-6
    )
    visits = found.groupby(found["segment"] == "all")["visit_count"].sum()
    assert visits[True] == visits[False]
    assert weighed[weighed["segment"] == "all"]["weight"].sum() == pytest.approx(1, abs=1e-4)
