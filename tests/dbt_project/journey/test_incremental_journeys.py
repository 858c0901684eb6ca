"""Journeys of an incremental run equal those of a full refresh."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pandas as pd

from tests.dbt_project.small_lake import SmallLake

NIGHT, NEXT = date(2026, 11, 1), date(2026, 11, 2)
STEPS = """
    select customers.customer_id, steps.* exclude (customer_key)
    from intermediate.int_journey__step_scores as steps
    inner join marts.dim_customers as customers on steps.customer_key = customers.customer_key and customers.is_current
    order by customers.customer_id, steps.started_at
"""


def order(order_id: str, customer_id: str, at: datetime, updated_at: datetime) -> dict[str, object]:
    of_one = {"order_id": order_id, "line_id": "1", "customer_id": customer_id, "channel": "web", "status": "paid"}
    return of_one | {"ordered_at": at, "updated_at": updated_at, "amount_cents": 1000}


def lake_of_both_nights(home: Path) -> SmallLake:
    """One order changes its customer, one leaves quarantine, one becomes too old, and one gets a survey answer."""
    lake, long_ago = SmallLake(home), datetime(2024, 1, 1)
    people = [{"customer_id": one, "created_at": long_ago, "updated_at": long_ago} for one in "abcde"]
    times = {
        "changes_hands": ("a", datetime(2026, 10, 1, 8)),
        "stays": ("a", datetime(2026, 10, 5, 8)),
        "before": ("b", datetime(2026, 6, 1, 8)),
        "grows_old": ("c", datetime(2025, 11, 1, 8)),
        "recent": ("c", datetime(2026, 3, 1, 8)),
        "answered": ("e", datetime(2026, 10, 20, 8)),
        "released": ("d", datetime(2026, 9, 1, 8)),
    }
    lake.land("crm.customers", NIGHT, people)
    lake.land("crm.orders", NIGHT, [order(name, who, at, at) for name, (who, at) in times.items()])
    lake.quarantine("crm.orders", NIGHT, len(times), ["amount_is_a_number"], released=NEXT)
    lake.land("crm.orders", NEXT, [order("changes_hands", "b", times["changes_hands"][1], datetime(2026, 11, 1, 9))])
    answer = {"response_id": "r", "customer_id": "e", "responded_at": datetime(2026, 11, 1, 9), "csat": 2}
    lake.land("survey.responses", NEXT, [answer | {"touchpoint": "order"}])
    return lake


def steps_of(lake: SmallLake, as_of: date, previous: date | None = None) -> pd.DataFrame:
    with lake.build(as_of, "+int_journey__step_scores", previous=previous) as reader:
        return reader.execute(STEPS).df()


def test_only_customers_with_changed_records_are_recomputed(tmp_path: Path) -> None:
    lake = lake_of_both_nights(tmp_path / "incremental")
    before = steps_of(lake, NIGHT)
    assert list(zip(before["customer_id"], before["started_at"].dt.strftime("%Y-%m-%d"), strict=True)) == [
        ("a", "2026-10-01"),
        ("b", "2026-06-01"),
        ("c", "2025-11-01"),
        ("c", "2026-03-01"),
        ("e", "2026-10-20"),
    ]
    after = steps_of(lake, NEXT, previous=NIGHT)
    found = list(zip(after["customer_id"], after["started_at"].dt.strftime("%Y-%m-%d"), after["score"], strict=True))
    assert [(who, day, None if pd.isna(score) else score) for who, day, score in found] == [
        ("a", "2026-10-05", None),
        ("b", "2026-06-01", None),
        ("b", "2026-10-01", None),
        ("c", "2026-03-01", None),
        ("d", "2026-09-01", None),
        ("e", "2026-10-20", 2.0),
    ]
    refreshed = steps_of(lake_of_both_nights(tmp_path / "full_refresh"), NEXT)
    pd.testing.assert_frame_equal(after, refreshed)
