"""Complaints: which tickets they are, their spread, grade and closed loop, recomputed from the landed rows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import pandas as pd
import pytest

from tests.dbt_project.service import recomputed
from tests.dbt_project.service.conftest import Reader, seed, threshold
from tests.dbt_project.service.small_company import ANSWERS, CONTRACTS, MIDNIGHT, ORDERS, TICKETS
from tests.dbt_project.surveys.statistics import wilson

IDS = sorted({row["ticket_id"] for row in TICKETS})
GRADES = {"L1": 1, "L2": 2, "L3": 3, "L4": 4}


def worth(customer: str | None, moment: datetime) -> float:
    rent = sum(
        row["monthly_price_cents"] * 12
        for row in CONTRACTS
        if row["customer_id"] == customer and (row["cancelled_at"] is None or row["cancelled_at"] > moment)
    )
    year = moment - timedelta(days=365)
    bought = sum(r["amount_cents"] for r in ORDERS if r["customer_id"] == customer and year <= r["ordered_at"] < moment)
    return float(rent + bought)


@cache
def complaints() -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for ticket_id in IDS:
        one = recomputed.ticket(ticket_id)
        if one["is_complaint"] or str(one["channel"]).lower() == "regulator":
            rows.append(
                {
                    "ticket_id": ticket_id,
                    "who": one["customer_id"] or ticket_id,
                    "day": one["opened"].date(),
                    "at": one["opened"],
                    "category": one["category"] or "unknown",
                    "channel": str(one["channel"]).lower(),
                    "value": worth(one["customer_id"], one["opened"]),
                    "priority": recomputed.priority_at(ticket_id, one["opened"]),
                }
            )
    return pd.DataFrame(rows).set_index("ticket_id").sort_index()


@cache
def spread(category: str, day: date) -> tuple[int, float, float]:
    """Customers who complain around the day, ratio to the usual number, and their total value."""
    same = complaints()[complaints()["category"] == category]
    reach = timedelta(days=threshold("complaints", "spread_days"))
    around = same[(same["day"] >= day - reach) & (same["day"] <= day + reach)]
    first = day - reach - timedelta(weeks=threshold("complaints", "usual_weeks"))
    before = same[(same["day"] >= first) & (same["day"] < day - reach)].groupby("day")["who"].nunique().sum()
    usual = before / (7 * threshold("complaints", "usual_weeks")) * (2 * threshold("complaints", "spread_days") + 1)
    customers = around["who"].nunique()
    return customers, customers / max(usual, 1), float(around.groupby("who")["value"].max().sum())


def severity(ticket_id: str) -> int:
    row = complaints().loc[ticket_id]
    rank = {"low": 1, "normal": 2, "high": 3, "urgent": 4}[row["priority"]]
    if row["who"] == ticket_id:
        return rank
    same = complaints()[(complaints()["who"] == row["who"]) & (complaints()["category"] == row["category"])]
    earlier = same[same["at"] < row["at"]]["day"]
    days = threshold("complaints", "repeat_complaint_days")
    is_repeated = len(earlier) > 0 and (row["day"] - earlier.max()).days <= days
    return min(rank + is_repeated, 4)


def grade(ticket_id: str) -> str:
    row = complaints().loc[ticket_id]
    customers, times, value = spread(row["category"], row["day"])
    ranks = seed("complaints/complaint_severities").set_index("severity")["severity_rank"].astype(int)
    met = [
        rule["grade"]
        for rule in seed("complaints/complaint_grading_rules").to_dict("records")
        if customers >= int(rule["customers_from"])
        and times >= float(rule["times_usual_from"] or 0)
        and rule["channel"] in ("", row["channel"])
        and (not rule["severity"] or severity(ticket_id) >= ranks[rule["severity"]])
        and value >= float(rule["value_exposed_cents_from"] or 0)
    ]
    return str(max(met, key=lambda found: GRADES[found]))


def test_grades_follow_from_spread_severity_and_channel(published: Reader) -> None:
    table = published("fct_complaints", "ticket_id")
    assert list(table.index) == list(complaints().index)
    for ticket_id, row in table.iterrows():
        one = complaints().loc[ticket_id]
        customers, _, value = spread(one["category"], one["day"])
        assert row["spread_customers"] == customers, ticket_id
        assert row["value_cents"] == pytest.approx(one["value"], abs=1e-4), ticket_id
        assert row["value_exposed_cents"] == pytest.approx(value, abs=1e-3), ticket_id
        assert row["grade"] == grade(str(ticket_id)), ticket_id
    assert set(table["grade"]) == {"L1", "L2", "L3", "L4"}


def test_a_wave_is_systemic_from_its_first_complaint_and_a_regulator_complaint_is_a_crisis(published: Reader) -> None:
    table = published("fct_complaints", "received_at")
    wave = table[
        (table.index >= datetime(2026, 5, 10)) & (table.index < datetime(2026, 5, 11)) & (table["category"] == "line")
    ]
    assert len(wave) >= 10 and set(wave["grade"]) <= {"L3", "L4"}
    assert table[table["channel"] == "regulator"]["grade"].tolist() == ["L4"]


def test_the_loop_has_its_times_and_breaches(published: Reader) -> None:
    table = published("fct_complaints", "ticket_id")
    satisfied = {row["ticket_id"]: row["responded_at"] for row in ANSWERS if row["csat"] >= 4}
    for ticket_id, row in table.iterrows():
        one = recomputed.ticket(str(ticket_id))
        acknowledged = min(one["times"].get("acknowledged", [one["answered"]] if one["answered"] else []), default=None)
        planned = min(one["times"].get("planned", []), default=None)
        plan = min([at for at in (planned, one["solved"]) if at], default=None)
        verified = [at for at in one["times"].get("verified", []) if one["solved"] and at >= one["solved"]]
        answered = [at for at in [satisfied.get(str(ticket_id))] if at and one["solved"] and at >= one["solved"]]
        steps = [
            ("verified", verified or answered),
            ("solved", one["solved"]),
            ("planned", planned),
            ("acknowledged", acknowledged),
        ]
        assert row["state"] == next((name for name, reached in steps if reached), "received"), ticket_id
        waited = ((acknowledged or MIDNIGHT) - one["opened"]).total_seconds() / 60
        assert row["acknowledging_minutes"] == pytest.approx(waited, abs=1e-4), ticket_id
        assert bool(row["is_golden_breached"]) == (waited > 120), ticket_id
        assert bool(row["is_plan_breached"]) == ((plan or MIDNIGHT) - one["opened"] > timedelta(days=1)), ticket_id
    assert table["is_golden_breached"].nunique() == 2 and table["is_plan_breached"].nunique() == 2


def test_the_board_adds_up_the_complaints(published: Reader) -> None:
    cases = published("fct_complaints")
    board = published("complaint_board", "dimension", "dimension_value", "window_days")
    for days in (7, 28, 90):
        window = cases[cases["received_at"] >= MIDNIGHT - timedelta(days=days)]
        for dimension, value in [("overall", "all"), ("category", "line"), ("grade", "L1"), ("team", "billing")]:
            here = window if dimension == "overall" else window[window[dimension] == value]
            row = board.loc[(dimension, value, days)]
            decided = here[here["acknowledged_at"].notna() | (here["acknowledging_minutes"] > 120)]
            kept = int((decided["acknowledging_minutes"] <= 120).sum())
            assert row["complaint_count"] == len(here)
            assert row["customer_count"] == here["customer_key"].fillna(here["complaint_id"]).nunique()
            assert [row[f"l{n}_count"] for n in range(1, 5)] == [
                int((here["grade"] == f"L{n}").sum()) for n in range(1, 5)
            ]
            if len(decided):
                expected = wilson(kept, len(decided))
                assert (row["golden_kept_low"], row["golden_kept_high"]) == pytest.approx(expected, abs=2e-6)
            solved = here[here["solved_at"].notna()]
            if len(solved):
                expected = wilson(int((solved["state"] == "verified").sum()), len(solved))
                assert (row["verified_low"], row["verified_high"]) == pytest.approx(expected, abs=2e-6)
            everywhere = cases if dimension == "overall" else cases[cases[dimension] == value]
            assert row["open_count"] == everywhere["solved_at"].isna().sum()
