"""Expected contents of the ticket tables, recomputed ticket by ticket from the landed rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from tests.dbt_project.service.conftest import seed
from tests.dbt_project.service.small_company import EVENTS, MIDNIGHT, TICKETS

UTC = ZoneInfo("UTC")


@cache
def _openings(calendar: str) -> list[tuple[datetime, datetime]]:
    """Opening hours of the calendar in UTC, day by day."""
    zones = seed("service/business_calendars").set_index("calendar")["time_zone"]
    zone = ZoneInfo(str(zones[calendar]))
    hours = [row for row in seed("service/business_hours").to_dict("records") if row["calendar"] == calendar]
    closed = {
        row["holiday"] for row in seed("service/business_holidays").to_dict("records") if row["calendar"] == calendar
    }
    found = []
    for number in range(400):
        day = datetime(2025, 6, 1) + timedelta(days=number)
        for row in hours:
            if int(row["weekday"]) == day.isoweekday() and f"{day:%Y-%m-%d}" not in closed:
                ends = [
                    day + timedelta(hours=int(row[c][:2]), minutes=int(row[c][3:])) for c in ("opens_at", "closes_at")
                ]
                start, end = (at.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None) for at in ends)
                found.append((start, end))
    return found


def business_minutes(calendar: str, start: datetime, end: datetime) -> float:
    inside = (min(end, closes) - max(start, opens) for opens, closes in _openings(calendar))
    return sum(max(part.total_seconds(), 0) for part in inside) / 60


def calendar_of(team: str) -> str:
    teams = seed("service/service_teams").set_index("team")["calendar"]
    return str(teams.get(team, "office"))


def versions(ticket_id: str) -> list[dict[str, Any]]:
    found = [row for row in TICKETS if row["ticket_id"] == ticket_id and row["updated_at"] < MIDNIGHT]
    return sorted(found, key=lambda row: row["updated_at"])


def priority_at(ticket_id: str, moment: datetime) -> str:
    known = set(seed("service/ticket_priorities")["priority"])
    rows = versions(ticket_id)
    valid = [row for row in rows if row["updated_at"] <= moment] or rows[:1]
    return valid[-1]["priority"] if valid[-1]["priority"] in known else "normal"


def is_vip_at(customer_id: str | None, moment: datetime) -> bool:
    if customer_id is None:
        return False
    return int(customer_id[1:]) % 8 == 0 or (customer_id == "c01" and moment >= datetime(2026, 3, 1))


@cache
def ticket(ticket_id: str) -> dict[str, Any]:
    """One ticket: its last version, events, times, calendar, lane and pauses."""
    row = versions(ticket_id)[-1]
    events = [e for e in EVENTS if e["ticket_id"] == ticket_id and e["occurred_at"] < MIDNIGHT]
    events.sort(key=lambda event: event["occurred_at"])
    times = {
        kind: [e["occurred_at"] for e in events if e["event_type"] == kind]
        for kind in {e["event_type"] for e in events}
    }
    opened = row["opened_at"]
    handled = [e["occurred_at"] for e in events if e["event_type"] == "responded"]
    answered = min(handled) if handled else None
    over = max(times.get("resolved", []) + times.get("closed", []), default=None)
    is_resolved = over is not None and over >= max(times.get("reopened", [opened]))
    resolved = max(times["resolved"]) if "resolved" in times else None
    closed = max(times["closed"]) if "closed" in times else None
    solved = (resolved or closed) if is_resolved else None
    calendar = calendar_of(row["team"])
    return row | {
        "events": events,
        "times": times,
        "opened": opened,
        "answered": answered,
        "resolved": resolved,
        "closed": closed,
        "solved": solved,
        "is_resolved": is_resolved,
        "calendar": calendar,
        "lane": "vip" if is_vip_at(row["customer_id"], opened) else "standard",
        "pauses": _pauses(events, solved or MIDNIGHT),
    }


def _pauses(events: list[dict[str, Any]], stop: datetime) -> list[tuple[datetime, datetime]]:
    ends = [e["occurred_at"] for e in events[1:]] + [stop]
    found = [
        (e["occurred_at"], min(end, stop)) for e, end in zip(events, ends, strict=True) if e["event_type"] == "waiting"
    ]
    return [(start, end) for start, end in found if end > start]


def policy(ticket_id: str, moment: datetime) -> dict[str, Any]:
    rows = seed("service/sla_policies").to_dict("records")
    priority, lane = priority_at(ticket_id, moment), ticket(ticket_id)["lane"]
    (found,) = (row for row in rows if row["priority"] == priority and row["lane"] == lane)
    return {str(name): value for name, value in found.items()}


def elapsed(clock: str, calendar: str, start: datetime, end: datetime) -> float:
    return business_minutes(calendar, start, end) if clock == "business" else (end - start).total_seconds() / 60


def state(minutes: float, target: float, share: float, is_stopped: bool) -> str:
    if minutes > target:
        return "breached"
    if is_stopped:
        return "met"
    return "at_risk" if minutes >= share * target else "running"


def resolution(ticket_id: str) -> tuple[float, float, str]:
    """Minutes on the resolution clock without pauses, its target and its state."""
    one = ticket(ticket_id)
    end = one["solved"] or MIDNIGHT
    terms = policy(ticket_id, end)
    minutes = elapsed(terms["clock"], one["calendar"], one["opened"], end)
    minutes -= sum(elapsed(terms["clock"], one["calendar"], *pause) for pause in one["pauses"])
    target = float(terms["resolution_minutes"])
    return minutes, target, state(minutes, target, float(terms["at_risk_share"]), one["solved"] is not None)


def first_response(ticket_id: str) -> tuple[float, float, str]:
    """Minutes on the first-response clock, its target and its state."""
    one = ticket(ticket_id)
    answered = one["answered"] or one["resolved"]
    end = answered or one["closed"] or MIDNIGHT
    terms = policy(ticket_id, end)
    minutes = elapsed(terms["clock"], one["calendar"], one["opened"], end)
    target = float(terms["first_response_minutes"])
    found = state(minutes, target, float(terms["at_risk_share"]), answered is not None)
    return minutes, target, "breached" if answered is None and one["closed"] else found
