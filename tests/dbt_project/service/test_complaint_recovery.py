"""Outcomes of complainers and of comparable customers without a complaint, recomputed customer by customer."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from math import sqrt

import pandas as pd
import pytest

from tests.dbt_project.service.conftest import Reader, threshold
from tests.dbt_project.service.small_company import CONTRACTS, CUSTOMERS, MIDNIGHT, ORDERS, key
from tests.dbt_project.surveys.statistics import Z, wilson

STRATUM = ["month", "segment", "has_contract", "orders"]


def runs(customer: str, moment: datetime) -> bool:
    return any(
        row["customer_id"] == customer and (row["cancelled_at"] is None or row["cancelled_at"] >= moment)
        for row in CONTRACTS
    )


def bought(customer: str, start: datetime, end: datetime) -> int:
    return sum(row["customer_id"] == customer and start <= row["ordered_at"] < end for row in ORDERS)


@cache
def months() -> pd.DataFrame:
    """One row per month and customer who had a contract or had bought in the year before."""
    rows = []
    for number in range(12):
        begins = MIDNIGHT - timedelta(days=90 + 30 * (number + 1))
        ends, until = begins + timedelta(days=30), begins + timedelta(days=120)
        for n in range(CUSTOMERS):
            customer = f"c{n:02}"
            before = bought(customer, begins - timedelta(days=365), begins)
            if runs(customer, begins) or before:
                rows.append(
                    {
                        "month": number,
                        "begins": begins,
                        "ends": ends,
                        "customer_key": key(customer),
                        "segment": "business" if n % 3 == 0 else "consumer",
                        "has_contract": runs(customer, begins),
                        "orders": min(before, 4) if before != 3 else 2,
                        "retention": float(runs(customer, until)) if runs(customer, begins) else None,
                        "repurchase": float(bought(customer, ends, until) > 0),
                    }
                )
    return pd.DataFrame(rows)


def followed(complaints: pd.DataFrame, outcome: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Complainers (with their first complaint of the month) and other customers, where the outcome is known."""
    panel = months().dropna(subset=[outcome])
    known = complaints.dropna(subset=["customer_key"]).sort_values(["received_at", "complaint_id"])
    paired = panel.merge(known, on="customer_key", suffixes=("", "_of_complaint"))
    paired = paired[(paired["received_at"] >= paired["begins"]) & (paired["received_at"] < paired["ends"])]
    paired = paired.drop_duplicates(["month", "customer_key"])
    names = set(zip(paired["month"], paired["customer_key"], strict=True))
    others = panel[[pair not in names for pair in zip(panel["month"], panel["customer_key"], strict=True)]]
    return paired, others


@pytest.mark.parametrize("outcome", ["retention", "repurchase"])
def test_complainers_are_counted_and_compared_with_similar_customers(published: Reader, outcome: str) -> None:
    row = published("complaint_recovery", "outcome", "dimension", "dimension_value").loc[(outcome, "overall", "all")]
    complainers, others = followed(published("fct_complaints"), outcome)
    back = int(complainers[outcome].sum())
    assert (row["complainer_count"], row["came_back_count"]) == (len(complainers), back)
    assert 0 < back < len(complainers)
    assert (row["interval_low"], row["interval_high"]) == pytest.approx(wilson(back, len(complainers)), abs=2e-6)

    control = others.groupby(STRATUM)[outcome].agg(["mean", "count"])
    treated = complainers.join(control, on=STRATUM, how="inner")
    effect = treated[outcome].mean() - treated["mean"].mean()
    assert row["matched_count"] == len(treated)
    assert row["baseline_share"] == pytest.approx(treated["mean"].mean(), abs=1e-6)
    assert row["effect"] == pytest.approx(effect, abs=2e-6)

    weights = treated.groupby(STRATUM).agg(
        share=("mean", "first"), controls=("count", "first"), weight=("mean", "size")
    )
    weights["weight"] /= len(treated)
    error = (weights["weight"] ** 2 * weights["share"] * (1 - weights["share"]) / weights["controls"]).sum()
    padded = (treated[outcome].sum() + 1) / (len(treated) + 2)
    margin = Z * sqrt(padded * (1 - padded) / (len(treated) + 2) + error)
    assert (row["effect_low"], row["effect_high"]) == pytest.approx((effect - margin, effect + margin), abs=3e-6)


def test_speed_and_result_are_as_of_the_end_of_the_month(published: Reader) -> None:
    table = published("complaint_recovery", "outcome", "dimension", "dimension_value")
    complainers, _ = followed(published("fct_complaints"), "repurchase")
    unsolved = complainers["solved_at"].isna() | (complainers["solved_at"] >= complainers["ends"])
    fast = ~unsolved & (complainers["solving_minutes"] <= threshold("complaints", "fast_solution_minutes"))
    expected = {"unsolved": unsolved, "fast": fast, "slow": ~unsolved & ~fast}
    for speed, chosen in expected.items():
        assert table.loc[("repurchase", "speed", speed), "complainer_count"] == chosen.sum()
    reopened = ~unsolved & complainers["is_reopened"]
    assert table.loc[("repurchase", "result", "solved_after_reopening"), "complainer_count"] == reopened.sum()


def test_probability_to_come_back_is_that_of_similar_complainers(published: Reader) -> None:
    recent = published("complainers_coming_back")
    cases = published("int_complaints__recovery_cases")
    first = MIDNIGHT - timedelta(days=threshold("complaints", "recovery_days") + 30)
    known = published("fct_complaints").dropna(subset=["customer_key"])
    assert set(recent["complaint_id"]) == set(known[known["received_at"] >= first]["complaint_id"])
    prior = threshold("complaints", "come_back_prior_cases")
    for row in recent.itertuples():
        like = cases[cases["outcome"] == row.outcome]
        same = like[(like["speed"] == row.speed) & (like["result"] == row.result)]
        share = (same["came_back"].sum() + prior * like["came_back"].mean()) / (len(same) + prior)
        low = share - Z * sqrt(share * (1 - share) / (len(same) + prior + 1))
        assert row.come_back_probability == pytest.approx(share, abs=2e-6)
        assert row.is_likely_to_come_back == (low >= threshold("complaints", "come_back_probability"))
        assert row.sample_size == len(same)
