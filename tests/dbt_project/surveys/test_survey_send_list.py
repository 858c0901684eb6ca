"""Survey send list: eligibility, quotas and the random draw, recomputed."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.dbt_project.surveys.conftest import Reader, seed
from tests.dbt_project.surveys.small_company import (
    CUSTOMERS,
    INVITATIONS,
    MIDNIGHT,
    NIGHT,
    ORDERS,
    RESPONSES,
    TICKETS,
    key,
)


def days_since(at: datetime) -> int:
    return (NIGHT - at.date()).days


def reasons(customer: str) -> Iterator[str]:
    """Touchpoints about which the customer can be asked, most important first."""
    if any(
        t["customer_id"] == customer and t["resolved_at"] and 1 <= days_since(t["resolved_at"]) <= 4 for t in TICKETS
    ):
        yield "support"
    if any(
        o["customer_id"] == customer and o["delivered_at"] and 1 <= days_since(o["delivered_at"]) <= 4 for o in ORDERS
    ):
        yield "delivery"
    paid = [o["ordered_at"] for o in ORDERS if o["customer_id"] == customer and o["amount_cents"] > 0]
    if paid and max(paid) >= MIDNIGHT - timedelta(days=365):
        yield "relationship"


def last_asked(customer: str) -> datetime:
    asked = [row["sent_at"] for row in INVITATIONS if row["customer_id"] == customer]
    heard = [row["responded_at"] for row in RESPONSES if row["customer_id"] == customer]
    return max([datetime(1900, 1, 1), *asked, *heard])


def strata() -> dict[tuple[str, str], list[str]]:
    quotas = {row["segment"] for row in seed("survey_quotas")}
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in CUSTOMERS:
        name = row["customer_id"]
        reason = next(reasons(name), None)
        is_open = row["email"] and row["is_contactable"] is not False and days_since(last_asked(name)) >= 30
        if reason and is_open:
            found[(row["segment"] if row["segment"] in quotas else "other segments", reason)].append(name)
    return found


def places(segment: str, touchpoint: str, nightly: float) -> int:
    share = next(float(row["quota_share"]) for row in seed("survey_quotas") if row["segment"] == segment)
    share *= next(float(row["quota_share"]) for row in seed("survey_touchpoints") if row["touchpoint"] == touchpoint)
    number = (NIGHT - date(2000, 1, 1)).days
    return math.floor(round(share * nightly * number, 6)) - math.floor(round(share * nightly * (number - 1), 6))


def test_the_draw_is_by_hash_within_segment_and_touchpoint(published: Reader, thresholds: dict[str, float]) -> None:
    expected: dict[str, tuple[str, str, int, int]] = {}
    for (segment, touchpoint), names in strata().items():
        lots = sorted(
            names, key=lambda name: hashlib.md5(f"{NIGHT}|{key(name)}".encode(), usedforsecurity=False).hexdigest()
        )
        number = places(segment, touchpoint, thresholds["invitations_per_night"])
        drawn = lots[:number]
        expected |= {name: (segment, touchpoint, len(names), len(drawn)) for name in drawn}
    columns = ["quota_segment", "touchpoint", "eligible_count", "selected_count"]
    listed = published("survey_send_list", "customer_id")
    assert {name: tuple(row[columns]) for name, row in listed.iterrows()} == expected
    assert len(expected) > 5
    assert set(listed["touchpoint"]) == {"support", "delivery", "relationship"}
    assert (listed["selection_probability"] * listed["design_weight"]).to_numpy() == pytest.approx(1, abs=1e-5)


def test_vips_get_the_extended_questions_and_others_three(published: Reader) -> None:
    vips = {row["customer_id"]: row["is_vip"] for row in CUSTOMERS}
    questions: dict[str, int] = defaultdict(int)
    for row in seed("survey_questions"):
        questions[row["question_set"]] += 1
    listed = published("survey_send_list", "customer_id")
    for name, row in listed.iterrows():
        assert row["question_set"] == f"{row['touchpoint']}_{'extended' if vips[name] else 'standard'}"
        assert row["question_count"] == questions[row["question_set"]]
        assert vips[name] == (row["question_count"] > 3)
    assert listed["is_vip"].any()


def test_the_precision_of_a_segment_assumes_a_month_of_tonights_invitations(published: Reader) -> None:
    listed = published("survey_send_list", "quota_segment")
    rates = published("survey_response_rates", "dimension", "window_days", "dimension_value").loc[("segment", 90)]
    for segment in set(listed.index) & {"consumer", "family", "business"}:
        rows: Any = listed.loc[[segment]]
        answers = 28 * len(rows) * rates.loc[segment, "response_share"]
        assert rows["expected_answers"].to_numpy() == pytest.approx(answers, abs=1e-3)
        assert rows["expected_half_width"].to_numpy() == pytest.approx(
            1.96 * spread(segment) / math.sqrt(answers), abs=1e-4
        )


def spread(segment: str) -> float:
    """Standard deviation of the segment's CSAT in 90 days; each segment has more than 30 answers."""
    members = {row["customer_id"] for row in CUSTOMERS if row["segment"] == segment}
    scores = [r["csat"] for r in RESPONSES if r["customer_id"] in members and days_since(r["responded_at"]) <= 90]
    assert len(scores) >= 30
    mean = sum(scores) / len(scores)
    return math.sqrt(sum((score - mean) ** 2 for score in scores) / (len(scores) - 1))
