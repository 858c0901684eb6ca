"""Clocks and first-contact resolution of every ticket, recomputed ticket by ticket."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.dbt_project.service import recomputed
from tests.dbt_project.service.conftest import Reader, threshold
from tests.dbt_project.service.small_company import MIDNIGHT, TICKETS, key

IDS = sorted({row["ticket_id"] for row in TICKETS})


def test_business_minutes_exclude_nights_weekends_holidays_and_pauses(published: Reader) -> None:
    table = published("fct_tickets", "ticket_id")
    assert list(table.index) == IDS
    for ticket_id in IDS:
        one = recomputed.ticket(ticket_id)
        row = table.loc[ticket_id]
        if one["answered"]:
            expected = recomputed.business_minutes(one["calendar"], one["opened"], one["answered"])
            assert row["first_response_business_minutes"] == pytest.approx(expected, abs=1e-4), ticket_id
        if one["solved"]:
            expected = recomputed.business_minutes(one["calendar"], one["opened"], one["solved"])
            assert row["resolution_business_minutes"] == pytest.approx(expected, abs=1e-4), ticket_id
        paused = sum((end - start).total_seconds() for start, end in one["pauses"]) / 60
        assert row["paused_minutes"] == pytest.approx(paused, abs=1e-4), ticket_id
    assert (table["paused_minutes"] > 0).sum() > 50
    assert table["calendar"].nunique() == 2


def test_targets_follow_priority_at_the_event_and_lane_at_opening(published: Reader) -> None:
    table = published("fct_tickets", "ticket_id")
    for ticket_id in IDS:
        one, row = recomputed.ticket(ticket_id), table.loc[ticket_id]
        assert row["lane"] == one["lane"]
        assert row["priority_at_opening"] == recomputed.priority_at(ticket_id, one["opened"])
        assert row["priority_at_resolution"] == recomputed.priority_at(ticket_id, one["solved"] or MIDNIGHT)
        minutes, target, state = recomputed.resolution(ticket_id)
        assert (row["resolution_target_minutes"], row["resolution_state"]) == (target, state), ticket_id
        assert row["resolution_clock_minutes"] == pytest.approx(minutes, abs=1e-4), ticket_id
        minutes, target, state = recomputed.first_response(ticket_id)
        assert (row["first_response_target_minutes"], row["first_response_state"]) == (target, state), ticket_id
        assert row["first_response_clock_minutes"] == pytest.approx(minutes, abs=1e-4), ticket_id
    changed = table["priority_at_opening"] != table["priority_at_resolution"]
    assert changed.sum() > 20
    assert set(table["lane"]) == {"standard", "vip"}


def test_unanswered_and_reopened_tickets_are_marked(published: Reader) -> None:
    table = published("fct_tickets", "ticket_id")
    for ticket_id in IDS:
        one = recomputed.ticket(ticket_id)
        is_silent = one["answered"] is None and one["resolved"] is None
        is_never = is_silent and (one["closed"] is not None or one["opened"] < MIDNIGHT - timedelta(days=7))
        assert bool(table.loc[ticket_id, "is_never_answered"]) == is_never, ticket_id
        assert bool(table.loc[ticket_id, "is_reopened"]) == ("reopened" in one["times"])
    assert table["is_never_answered"].sum() > 5


def test_the_highest_level_called_has_its_own_clock(published: Reader) -> None:
    table = published("fct_tickets", "ticket_id")
    experts = table[table["response_level"] == "expert"]
    assert set(experts.index) == {name for name in IDS if "escalated" in recomputed.ticket(name)["times"]}
    for ticket_id, row in experts.iterrows():
        one = recomputed.ticket(str(ticket_id))
        called = min(one["times"]["escalated"])
        deeds = [
            event["occurred_at"]
            for event in one["events"]
            if event["employee_id"]
            and event["event_type"] in ("assigned", "responded", "resolved")
            and event["occurred_at"] > called
        ]
        stop = min(deeds) if deeds else (one["closed"] or MIDNIGHT)
        assert row["level_clock_minutes"] == pytest.approx((stop - called).total_seconds() / 60, abs=1e-4)
        assert bool(row["is_level_breached"]) == ((stop - called) > timedelta(days=1))


def test_first_contact_resolution_needs_no_follow_up_within_the_window(published: Reader) -> None:
    table = published("int_service__first_contact_resolution", "ticket_id")
    days = timedelta(days=threshold("service", "fcr_window_days"))
    outcomes = []
    for ticket_id in IDS:
        one = recomputed.ticket(ticket_id)
        row = table.loc[ticket_id]
        customer = one["customer_id"]
        is_eligible = bool(one["is_resolved"] and customer and one["solved"] + days <= MIDNIGHT)
        assert bool(row["is_eligible"]) == is_eligible, ticket_id
        if is_eligible:
            others = (recomputed.ticket(name) for name in IDS if name != ticket_id)
            again = any(
                (other["customer_id"], other["category"]) == (customer, one["category"])
                and one["opened"] < other["opened"] <= one["solved"] + days
                for other in others
            )
            expected = "reopened" not in one["times"] and not again
            assert bool(row["is_first_contact_resolved"]) == expected, ticket_id
            assert row["customer_key"] == key(customer)
            outcomes.append(expected)
    assert 10 < sum(outcomes) < len(outcomes) - 10
