"""A service desk of 60 customers and 9 agents, generated from a fixed seed; the tests recompute from these rows."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

NIGHT = date(2026, 6, 1)
MIDNIGHT = datetime(2026, 6, 1)
CUSTOMERS = 60
TEAMS = ("billing", "technical", "support")
CATEGORIES = ("bill", "line", None)
#: An outage about which 22 customers complain: a systemic complaint.
WAVE = datetime(2026, 5, 10)
Rows = list[dict[str, Any]]

_random = np.random.default_rng(11)


def key(customer_id: str) -> str:
    """OneID of a customer whose record is not joined with another."""
    return hashlib.md5(customer_id.encode(), usedforsecurity=False).hexdigest()


def _pick(values: tuple[Any, ...]) -> Any:
    return values[int(_random.integers(len(values)))]


def _hours(low: float, high: float) -> timedelta:
    return timedelta(seconds=int(_random.integers(int(low * 3600), int(high * 3600))))


def _customers() -> Rows:
    start = datetime(2024, 1, 1)
    rows = [
        {
            "customer_id": f"c{n:02}",
            "segment": ("consumer", "business")[n % 3 == 0],
            "is_vip": n % 8 == 0,
            "created_at": start,
            "updated_at": start,
        }
        for n in range(CUSTOMERS)
    ]
    return [*rows, rows[1] | {"is_vip": True, "updated_at": datetime(2026, 3, 1)}]


def _openings() -> Rows:
    """Tickets over nine months, then the complaint wave, then one complaint through a regulator."""
    rows = [
        {
            "opened_at": MIDNIGHT - _hours(1, 24 * 270),
            "customer_id": f"c{int(_random.integers(CUSTOMERS)):02}" if n % 15 else None,
            "team": _pick(TEAMS),
            "category": _pick(CATEGORIES),
            "priority": _pick(("low", "normal", "high", "urgent", "tbd", None)),
            "channel": _pick(("phone", "email", "social")),
            "is_complaint": bool(_random.random() < 0.4),
        }
        for n in range(330)
    ]
    usual = {"team": "technical", "category": "line", "priority": "normal", "channel": "phone", "is_complaint": True}
    wave = [usual | {"opened_at": WAVE + _hours(0, 30), "customer_id": f"c{n:02}"} for n in range(22)]
    regulator = usual | {"opened_at": datetime(2026, 2, 2, 9), "customer_id": "c30", "category": "bill"}
    return [*rows, *wave, regulator | {"channel": "Regulator", "is_complaint": False}]


def _steps(ticket: dict[str, Any]) -> list[tuple[str, datetime]]:
    """Events of a ticket, including some after the night."""
    opened, steps = ticket["opened_at"], [("opened", ticket["opened_at"])]
    if _random.random() < 0.06:
        return [*steps, ("closed", opened + _hours(20, 90))]
    answered = opened + _hours(0.1, 12)
    if ticket["is_complaint"] and _random.random() < 0.7:
        acknowledged = opened + _hours(0.1, 4)
        steps += [("acknowledged", acknowledged), ("planned", acknowledged + _hours(1, 40))]
    steps.append(("responded", answered))
    moment = answered + _hours(1, 20)
    if _random.random() < 0.3:
        steps.append(("waiting", moment))
        moment += _hours(1, 70)
        steps.append((_pick(("customer_replied", "responded")), moment))
    if _random.random() < 0.2:
        moment += _hours(0.5, 5)
        steps.append(("escalated", moment))
    if _random.random() < 0.12:
        return steps
    moment += _hours(1, 60)
    steps.append(("resolved", moment))
    if _random.random() < 0.12:
        moment += _hours(2, 30)
        steps += [("reopened", moment), ("resolved", moment + _hours(1, 40))]
        moment = steps[-1][1]
    if ticket["is_complaint"] and _random.random() < 0.4:
        moment += _hours(1, 20)
        steps.append(("verified", moment))
    return [*steps, ("closed", moment + _hours(20, 60))]


def _tickets() -> tuple[Rows, Rows, Rows]:
    tickets: Rows = []
    events: Rows = []
    answers: Rows = []
    for number, opening in enumerate(_openings()):
        ticket_id, agent = f"t{number:03}", f"{opening['team']}-{int(_random.integers(3))}"
        steps = _steps(opening)
        tickets.append(
            {"ticket_id": ticket_id, "employee_id": agent, "updated_at": opening["opened_at"], "status": "open"}
            | opening
        )
        if number % 5 == 0:  # becomes urgent a day later
            later = {"priority": "urgent", "updated_at": opening["opened_at"] + timedelta(days=1)}
            tickets.append(tickets[-1] | later)
        events += [
            {
                "event_id": f"{ticket_id}-{step}",
                "ticket_id": ticket_id,
                "occurred_at": at,
                "event_type": kind,
                "employee_id": None if kind in ("opened", "reopened", "customer_replied") else agent,
                "team": opening["team"],
            }
            for step, (kind, at) in enumerate(steps)
        ]
        solved = [at for kind, at in steps if kind == "resolved"]
        if solved and _random.random() < 0.6:
            answers.append(_answer(ticket_id, opening, agent, solved[-1] + _hours(1, 50)))
    return tickets, events, [row for row in answers if row["responded_at"] < MIDNIGHT]


def _answer(ticket_id: str, opening: dict[str, Any], agent: str, moment: datetime) -> dict[str, Any]:
    skill = {"0": 0.9, "1": 0.0, "2": -0.9}[agent[-1]]
    return {
        "response_id": f"r-{ticket_id}",
        "customer_id": opening["customer_id"],
        "ticket_id": ticket_id,
        "employee_id": agent,
        "touchpoint": "support",
        "responded_at": moment,
        "csat": int(np.clip(np.rint(3.2 + skill + _random.normal(0, 1)), 1, 5)),
    }


def _purchases() -> tuple[Rows, Rows]:
    orders = [
        {
            "order_id": f"o{n}",
            "line_id": "1",
            "customer_id": f"c{int(_random.integers(CUSTOMERS)):02}",
            "ordered_at": MIDNIGHT - _hours(1, 24 * 800),
            "amount_cents": float(_random.integers(1000, 20000)),
        }
        for n in range(500)
    ]
    contracts = [
        {
            "subscription_id": f"s{n}",
            "customer_id": f"c{n:02}",
            "started_at": datetime(2024, 2, 1),
            "cancelled_at": MIDNIGHT - _hours(1, 24 * 300) if n % 3 == 0 else None,
            "monthly_price_cents": 1000.0 + n,
            "updated_at": datetime(2024, 2, 1),
        }
        for n in range(40)
    ]
    return orders, contracts


def _staff() -> tuple[Rows, Rows]:
    people = [
        {"employee_id": f"{team}-{n}", "team": team, "role": "agent", "updated_at": datetime(2024, 1, 1)}
        for team in TEAMS
        for n in range(3)
    ]
    answers = [
        {
            "employee_id": person["employee_id"],
            "team": person["team"],
            "responded_at": datetime(2025, 9, 15) + timedelta(days=31 * wave, hours=number),
            "question_code": question,
            "answer_value": float(_random.integers(1, 6)),
        }
        for wave in range(9)
        for number, person in enumerate(people)
        for question in ("morale", "tools")
    ]
    return people, [row for row in answers if row["responded_at"] < MIDNIGHT]


#: Tickets with wrong clocks: solved or answered before they were opened.
SKEWED: Rows = [
    {"ticket_id": "skewed-solved", "opened_at": datetime(2026, 5, 2), "resolved_at": datetime(2026, 5, 1)},
    {"ticket_id": "skewed-answered", "opened_at": datetime(2026, 5, 2), "first_response_at": datetime(2026, 5, 1)},
]
TICKETS, EVENTS, ANSWERS = _tickets()
ORDERS, CONTRACTS = _purchases()
STAFF, STAFF_ANSWERS = _staff()
LANDED: dict[str, Rows] = {
    "crm.customers": _customers(),
    "crm.employees": STAFF,
    "crm.orders": ORDERS,
    "crm.subscriptions": CONTRACTS,
    "ticket.tickets": TICKETS + SKEWED,
    "ticket.ticket_events": EVENTS,
    "survey.responses": ANSWERS,
    "survey.employee_responses": STAFF_ANSWERS,
}
