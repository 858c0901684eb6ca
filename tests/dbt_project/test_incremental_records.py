"""An incremental run recomputes every record that time, late rows or corrections change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.contents import fingerprints
from tests.dbt_project.small_lake import SmallLake

NIGHT, NEXT = date(2026, 11, 10), date(2026, 11, 11)
MODELS = ("+int_service__sla_results", "+customer_lifecycle", "+int_journey__journeys", "+int_surveys__texts")
LONG_AGO, SUMMER = datetime(2024, 1, 1), datetime(2026, 7, 6, 8)
#: Rows changed since the previous run: a full refresh has none.
CHANGES = "int_changes__"


def ticket(ticket_id: str, who: str, opened_at: datetime, **more: object) -> dict[str, object]:
    of_one = {
        "ticket_id": ticket_id,
        "customer_id": who,
        "priority": "normal",
        "channel": "email",
        "text": "please help",
    }
    return of_one | {"opened_at": opened_at, "updated_at": opened_at} | more


def solved(ticket_id: str, who: str, opened_at: datetime, **more: object) -> dict[str, object]:
    day = timedelta(days=1)
    times = {"first_response_at": opened_at + day / 8, "resolved_at": opened_at + day, "closed_at": opened_at + 3 * day}
    return ticket(ticket_id, who, opened_at, **times, **{"updated_at": opened_at + 3 * day, **more})


def contract(who: str, **more: object) -> dict[str, object]:
    of_one = {"subscription_id": f"of {who}", "customer_id": who, "plan": "home", "monthly_price_cents": 3000}
    return of_one | {"started_at": LONG_AGO, "updated_at": LONG_AGO} | more


def use(who: str, day: date, minutes: float) -> dict[str, object]:
    return {"customer_id": who, "usage_date": day, "sessions": 1, "minutes": minutes}


def order(who: str, at: datetime) -> dict[str, object]:
    of_one = {"order_id": f"of {who}", "line_id": "1", "customer_id": who, "channel": "web", "status": "paid"}
    return of_one | {"ordered_at": at, "updated_at": at, "amount_cents": 1000}


def lake_of_both_nights(home: Path) -> SmallLake:
    """The night before, and what came in afterwards: late, corrected, released from quarantine, or on time."""
    lake, lapse_days = SmallLake(home), 90
    people = [
        {"customer_id": one, "name": one, "created_at": LONG_AGO, "updated_at": LONG_AGO, "is_vip": False}
        for one in ("waits", "becomes_vip", "quiet", "urgent", "reader", "lapses", "cancels", "writes")
    ]
    months = [date(2026, month, 15) for month in range(1, 11)]
    lake.land("crm.customers", NIGHT, people)
    lake.land("crm.subscriptions", NIGHT, [contract(who) for who in ("reader", "cancels")])
    lake.land("crm.usage_daily", NIGHT, [use(who, day, 60.0) for who in ("reader", "cancels") for day in months])
    bought_at = datetime.combine(NIGHT - timedelta(lapse_days), datetime.min.time())
    lake.land("crm.orders", NIGHT, [order("lapses", bought_at), order("writes", SUMMER)])
    lake.land(
        "ticket.tickets",
        NIGHT,
        [
            ticket("waits", "waits", datetime(2026, 11, 9, 8)),
            solved("vip", "becomes_vip", SUMMER),
            solved("quiet", "quiet", SUMMER),
            solved("urgent", "urgent", SUMMER),
            solved("held", "writes", SUMMER),
        ],
    )
    lake.quarantine("ticket.tickets", NIGHT, 5, ["opened_before_resolved"], released=NEXT)

    late = datetime(2026, 7, 1)
    lake.land("crm.customers", NEXT, [people[1] | {"updated_at": late, "is_vip": True}])
    lake.land(
        "ticket.tickets",
        NEXT,
        [solved("urgent", "urgent", SUMMER, priority="urgent", updated_at=datetime(2026, 11, 10, 9))],
    )
    lake.land("crm.usage_daily", NEXT, [use("reader", date(2026, 10, 20), 600.0), use("cancels", NIGHT, 5.0)])
    ended = {"cancelled_at": datetime(2026, 11, 10, 9), "updated_at": datetime(2026, 11, 10, 9)}
    lake.land("crm.subscriptions", NEXT, [contract("cancels", **ended)])
    comment = {"response_id": "r", "customer_id": "writes", "responded_at": datetime(2026, 11, 10, 9), "csat": 2}
    lake.land("survey.responses", NEXT, [comment | {"comment": "too slow", "touchpoint": "order"}])
    return lake


@dataclass(frozen=True)
class Nights:
    """Tables of the previous run, of the incremental run after it, and of a full refresh of the same night."""

    before: dict[str, pd.DataFrame]
    after: dict[str, pd.DataFrame]
    after_by_table: dict[str, str]
    full_refresh_by_table: dict[str, str]


def tables(reader: duckdb.DuckDBPyConnection) -> dict[str, pd.DataFrame]:
    lifecycle = """
        select customer_id, lifecycle.* from marts.customer_lifecycle as lifecycle
        inner join marts.dim_customers using (customer_key) where is_current
    """
    return {
        "tickets": reader.execute("select * from marts.fct_tickets").df().set_index("ticket_id"),
        "lifecycle": reader.execute(lifecycle).df().set_index("customer_id"),
        "months": reader.execute(
            "select customer_id, activity_1 from intermediate.int_value__activity_months "
            "inner join marts.dim_customers using (customer_key) where is_current"
        )
        .df()
        .set_index("customer_id"),
        "texts": reader.execute("select text_id, text from intermediate.int_surveys__texts").df().set_index("text_id"),
    }


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    home = tmp_path_factory.mktemp("nights")
    lake, refreshed = lake_of_both_nights(home / "incremental"), lake_of_both_nights(home / "full_refresh")
    with lake.build(NIGHT, *MODELS) as reader:
        before = tables(reader)
    with lake.build(NEXT, *MODELS, previous=NIGHT) as reader:
        after = tables(reader)
    refreshed.build(NEXT, *MODELS).close()
    yield Nights(before, after, *(fingerprints(made.home / "warehouse.duckdb") for made in (lake, refreshed)))


def test_every_table_equals_that_of_a_full_refresh(nights: Nights) -> None:
    expected = {table: rows for table, rows in nights.full_refresh_by_table.items() if CHANGES not in table}
    found = {table: nights.after_by_table.get(table) for table in expected}
    assert found == expected and len(expected) > 50


def test_a_running_clock_advances(nights: Nights) -> None:
    before, after = (
        tables["tickets"].loc["waits", "resolution_clock_minutes"] for tables in (nights.before, nights.after)
    )
    assert after > before


def test_a_solved_ticket_follows_what_is_corrected_about_it_and_its_customer(nights: Nights) -> None:
    before, after = nights.before["tickets"], nights.after["tickets"]
    assert (before.loc["vip", "is_vip"], after.loc["vip", "is_vip"]) == (False, True)
    assert (before.loc["urgent", "priority"], after.loc["urgent", "priority"]) == ("normal", "urgent")
    assert before.loc["quiet"].equals(after.loc["quiet"])


def test_rows_released_from_quarantine_are_used(nights: Nights) -> None:
    assert "held" not in nights.before["tickets"].index and "held" in nights.after["tickets"].index
    assert set(nights.after["texts"].index) - set(nights.before["texts"].index) == {"ticket:held", "survey:r"}


def test_a_lifecycle_follows_the_calendar_late_use_and_a_cancellation(nights: Nights) -> None:
    before, after = nights.before["lifecycle"], nights.after["lifecycle"]
    assert (before.loc["lapses", "stage"] != "lapsed", after.loc["lapses", "stage"]) == (True, "lapsed")
    assert (before.loc["cancels", "stage"] != "lapsed", after.loc["cancels", "stage"]) == (True, "lapsed")
    months = nights.before["months"].loc["reader", "activity_1"], nights.after["months"].loc["reader", "activity_1"]
    assert months == (60.0, 660.0)
