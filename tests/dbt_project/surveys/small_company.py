"""A company of 90 customers with surveys, tickets, orders and posts; the tests recompute from these rows."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

NIGHT = date(2026, 2, 1)
MIDNIGHT = datetime(2026, 2, 1)
SEGMENTS = ("consumer", "family", "business")
TEXTS = (
    "RUDE staff!",
    "the crude protruding part",
    "客服态度很差",
    "late again",
    "迟到了",
    "all well",
    "rude and 态度差",
)
TOUCHPOINTS = ("delivery", "support", "relationship")
Rows = list[dict[str, Any]]

_random = np.random.default_rng(7)


def key(customer_id: str) -> str:
    """OneID of a customer whose record is not joined with another."""
    return hashlib.md5(customer_id.encode(), usedforsecurity=False).hexdigest()


def _moment(days_from: float, days_to: float) -> datetime:
    """A random time, in whole seconds, within a range of days before the night."""
    seconds = int(_random.integers(int(days_from * 86_400), int(days_to * 86_400)))
    return MIDNIGHT - timedelta(seconds=seconds)


def _pick(values: tuple[Any, ...]) -> Any:
    return values[int(_random.integers(len(values)))]


def _customers() -> Rows:
    start = datetime(2024, 1, 1)
    return [
        {
            "customer_id": f"c{n:02}",
            "email": f"person{n}@example.org" if n % 9 else None,
            "segment": SEGMENTS[n % 7 % 3] if n % 10 else None,
            "region": ("north", "south")[n % 2],
            "is_vip": n % 8 == 0,
            "is_contactable": (True, None, True, True, False)[n % 5],
            "created_at": start,
            "updated_at": start,
        }
        for n in range(90)
    ]


def _invitations() -> Rows:
    return [
        {
            "invitation_id": f"i{n:03}",
            "customer_id": f"c{int(_random.integers(60)):02}",
            "sent_at": _moment(0.5, 118),
            "channel": _pick(("email", "app")),
            "touchpoint": _pick(TOUCHPOINTS),
        }
        for n in range(420)
    ]


def _responses(invitations: Rows) -> Rows:
    """Half of the invited customers answer, in segment `consumer` more; a few answer after the response period."""
    rows = []
    for invitation in invitations:
        if _random.random() > (0.7 if int(invitation["customer_id"][1:]) % 7 % 3 == 0 else 0.4):
            continue
        responded = invitation["sent_at"] + timedelta(seconds=int(_random.integers(60, 16 * 86_400)))
        if responded >= MIDNIGHT:
            continue
        rows.append(
            {
                "response_id": f"r{invitation['invitation_id'][1:]}",
                "invitation_id": invitation["invitation_id"],
                "customer_id": invitation["customer_id"],
                "responded_at": responded,
                "recorded_at": responded,
                "nps": int(_random.integers(11)) if invitation["touchpoint"] == "relationship" else None,
                "csat": int(_random.integers(1, 6)),
                "ces": int(_random.integers(1, 8)) if invitation["touchpoint"] == "support" else None,
                "comment": _pick((*TEXTS, None, None)),
                "channel": invitation["channel"],
                "touchpoint": invitation["touchpoint"],
                "product": _pick(("mobile", "fixed", None)),
                "employee_id": _pick(("e1", "e2", None)),
            }
        )
    return rows


def _answers(responses: Rows) -> Rows:
    """Both questionnaires for every response; some skip a question."""
    rows: Rows = []
    for response in responses:
        for dimension in ("reliability", "responsiveness", "assurance", "empathy", "tangibles"):
            asked = {
                f"servqual_{dimension}_expectation": int(_random.integers(4, 8)),
                f"servqual_{dimension}_perception": int(_random.integers(2, 8)),
                f"servqual_{dimension}_importance": int(_random.integers(5, 40)),
            }
            rows += [_answer(response, question, value) for question, value in asked.items() if _random.random() < 0.98]
        for feature in ("tracking", "call_back"):
            for side in ("functional", "dysfunctional"):
                rows.append(_answer(response, f"kano_{feature}_{side}", int(_random.integers(1, 6))))
    return rows


def _answer(response: dict[str, Any], question: str, value: int) -> dict[str, Any]:
    return {"response_id": response["response_id"], "question_code": question, "answer_value": value}


def _tickets() -> tuple[Rows, Rows]:
    """Tickets, with events for reopened ones; one in ten is still open."""
    tickets, events = [], []
    for n in range(260):
        opened = _moment(1, 200)
        answered = opened + timedelta(seconds=int(_random.integers(60, 8 * 3_600)))
        resolved = answered + timedelta(seconds=int(_random.integers(4 * 3_600, 5 * 86_400)))
        is_resolved = resolved < MIDNIGHT and n % 10 > 0
        ticket = {
            "ticket_id": f"t{n:03}",
            "customer_id": f"c{int(_random.integers(80)):02}",
            "opened_at": opened,
            "first_response_at": answered if answered < MIDNIGHT else None,
            "resolved_at": resolved if is_resolved else None,
            "status": "resolved" if is_resolved else "open",
            "category": _pick(("bill", "line")),
            "is_complaint": n % 3 == 0,
            "text": _pick(TEXTS),
            "updated_at": MIDNIGHT - timedelta(hours=1),
        }
        tickets.append(ticket)
        if is_resolved and n % 8 == 0:
            events.append(_event(n, ticket["ticket_id"], resolved - timedelta(hours=2), "reopened"))
    return [*tickets, *_fresh_tickets()], events


def _fresh_tickets() -> Rows:
    """Two tickets solved two days before the night: a customer who can be invited, and one who opted out."""
    opened, solved = MIDNIGHT - timedelta(days=3), MIDNIGHT - timedelta(days=2)
    times = {"opened_at": opened, "first_response_at": opened, "resolved_at": solved, "updated_at": solved}
    about = {"status": "resolved", "category": "bill", "is_complaint": False, "text": "all well"}
    return [{"ticket_id": f"t9{name}", "customer_id": name, **times, **about} for name in ("c60", "c64")]


def _event(number: int, ticket_id: str, at: datetime, event_type: str) -> dict[str, Any]:
    return {"event_id": f"v{number:03}", "ticket_id": ticket_id, "occurred_at": at, "event_type": event_type}


def _orders() -> Rows:
    rows = []
    for n in range(300):
        ordered = _moment(0.1, 500)
        delivered = ordered + timedelta(days=int(_random.integers(1, 6)))
        rows.append(
            {
                "order_id": f"o{n:03}",
                "line_id": "1",
                "customer_id": f"c{int(_random.integers(85)):02}",
                "ordered_at": ordered,
                "quantity": 1,
                "amount_cents": 0 if n % 25 == 0 else int(_random.integers(100, 90_000)),
                "delivered_at": delivered if delivered < MIDNIGHT else None,
                "updated_at": MIDNIGHT - timedelta(hours=1),
            }
        )
    return rows


def _mentions() -> Rows:
    return [
        {
            "mention_id": f"m{n:02}",
            "occurred_at": _moment(0.1, 20),
            "author_handle": f"@poster{n}",
            "text": _pick(TEXTS),
        }
        for n in range(40)
    ]


def _values() -> pd.DataFrame:
    """Customer values of the night; one customer in four was not yet a customer a month before."""
    cents = _random.lognormal(9, 1, len(CUSTOMERS)).round(2)
    return pd.DataFrame(
        {
            "customer_key": [key(row["customer_id"]) for row in CUSTOMERS],
            "as_of": NIGHT,
            "model": "purchases",
            "value_cents": cents,
            "previous_value_cents": [None if number % 4 == 0 else cents[number] / 2 for number in range(len(cents))],
        }
    )


CUSTOMERS = _customers()
INVITATIONS = _invitations()
RESPONSES = _responses(INVITATIONS)
ANSWERS = _answers(RESPONSES)
TICKETS, TICKET_EVENTS = _tickets()
ORDERS = _orders()
MENTIONS = _mentions()
VALUES = _values()
EMPLOYEES: Rows = [
    {"employee_id": name, "team": team, "updated_at": datetime(2024, 1, 1)}
    for name, team in (("e1", "one"), ("e2", "two"))
]
SEGMENT = {row["customer_id"]: row["segment"] or "unknown" for row in CUSTOMERS}
LANDED: dict[str, Rows] = {
    "crm.customers": CUSTOMERS,
    "crm.employees": EMPLOYEES,
    "crm.orders": ORDERS,
    "survey.invitations": INVITATIONS,
    "survey.responses": RESPONSES,
    "survey.answers": ANSWERS,
    "ticket.tickets": TICKETS,
    "ticket.ticket_events": TICKET_EVENTS,
    "social.mentions": MENTIONS,
}
