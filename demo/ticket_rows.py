"""The ticket desk's export: every ticket that changed, and its events."""

from __future__ import annotations

from functools import cache

import numpy as np

from demo import comments, names
from demo.clock import NEVER
from demo.day import Day, constant, happened, nullable
from demo.identities import emails_of, phones_of
from demo.people import LANGUAGES
from demo.randomness import stream
from demo.staff import TEAMS, employee_ids
from demo.ticket_course import BY_ID, BY_PHONE, CATEGORIES, CHANNELS, PRIORITIES, STEPS, TEAM
from demo.typing import Array, Columns, Texts

_ASPECT = np.array([comments.DELIVERY, comments.OUTAGE, comments.PRICE, comments.PRODUCT, comments.APP, comments.PRICE])
_SUBJECTS = np.array(
    [
        [
            "Where is my order?",
            "Service is down",
            "Question about my bill",
            "Device is faulty",
            "Cannot log in",
            "Change of contract",
        ],
        ["我的订单在哪里?", "服务中断", "账单问题", "设备故障", "无法登录", "合同变更"],
    ],
    dtype=object,
)
_STATUSES = np.array(["new", "open", "waiting", "resolved", "closed"], dtype=object)
_VARIANTS = 48
#: Event names that differ from step names, and steps taken by the customer.
_EVENT_TYPES = {"resolved_again": "resolved"}
_BY_CUSTOMER = ("opened", "customer_replied", "reopened")


def _status(rows: Columns, day: Day) -> Array:
    """Index of new, open, waiting, resolved, closed at the end of the day."""
    resolved = happened(rows["resolved"], day.end) != NEVER
    reopened = happened(rows["reopened"], day.end) != NEVER
    again = happened(rows["resolved_again"], day.end) != NEVER
    working = np.where(happened(rows["responded"], day.end) != NEVER, 1, 0)
    pausing = (happened(rows["waiting"], day.end) != NEVER) & (rows["customer_replied"] >= day.end)
    working = np.where(pausing, 2, working)
    state = np.where(resolved & ~(reopened & ~again), 3, working)
    closed: Array = np.where(happened(rows["closed"], day.end) != NEVER, 4, state)
    return closed


def write_tickets(day: Day, rows: Columns) -> None:
    who, by, stamps = rows["who"], rows["identified_by"], day.clock.stamps
    people, language = day.state.people, day.state.people["language"][rows["who"]]
    now = {step: happened(rows[step], day.end) for step in STEPS}
    is_open = now["reopened"] > now["resolved_again"]
    resolved = np.where(is_open, NEVER, np.maximum(now["resolved"], now["resolved_again"]))
    agent = np.where(now["escalated"] == NEVER, rows["first_agent"], rows["agent"])
    day.write(
        "tickets",
        ticket_id=ticket_ids(rows["ticket"]),
        customer_id=nullable(day.accounts(who), by == BY_ID),
        email=nullable(emails_of(day, who, people["email_version"][who]), by != BY_PHONE),
        phone=nullable(_phones(day, who), by == BY_PHONE),
        opened_at=stamps(rows["opened"]),
        first_response_at=stamps(now["responded"]),
        resolved_at=stamps(resolved),
        closed_at=stamps(now["closed"]),
        promised_at=stamps(rows["promised"]),
        status=_STATUSES[_status(rows, day)],
        priority=PRIORITIES[rows["priority"]],
        category=CATEGORIES[rows["category"]],
        is_complaint=rows["complaint"],
        channel=CHANNELS[rows["channel"]],
        product=nullable(np.where(rows["category"] == 1, "broadband", "shop").astype(object), rows["category"] < 2),
        team=TEAMS[TEAM[rows["category"]]],
        employee_id=nullable(employee_ids(agent), now["responded"] != NEVER),
        subject=_SUBJECTS[language, rows["category"]],
        text=_first_messages(day, rows, language),
        language=LANGUAGES[language],
        updated_at=stamps(np.maximum.reduce(list(now.values()))),
    )


def _phones(day: Day, who: Array) -> Texts:
    """Phone numbers as the desk records them, in two notations."""
    return np.where(who % 2 == 0, phones_of(day, who, 0), phones_of(day, who, 2)).astype(object)


def _first_messages(day: Day, rows: Columns, language: Array) -> Texts:
    """First message of each ticket, chosen by its number so that it is equal in every version."""
    texts: Texts = _messages(day.plan.seed)[rows["ticket"] % _VARIANTS, language, _ASPECT[rows["category"]]]
    return texts


@cache
def _messages(seed: int) -> Texts:
    """Complaints by [variant, language, aspect]."""
    _, language, aspect = np.indices((_VARIANTS, 2, len(comments.ASPECTS))).reshape(3, -1)
    random = stream(seed, 0, "messages")
    written = comments.write_comments(random, language, aspect, np.ones(language.size, dtype=bool))
    return written.reshape(_VARIANTS, 2, -1)


def write_events(day: Day, rows: Columns) -> None:
    """One event a step that was taken today; from an escalation on, another employee is in charge."""
    ids, team = ticket_ids(rows["ticket"]), TEAMS[TEAM[rows["category"]]]
    first_agent, agent = employee_ids(rows["first_agent"]), employee_ids(rows["agent"])
    for number, step in enumerate(STEPS):
        moment = rows[step]
        today = (moment >= day.begin) & (moment < day.end)
        count = int(today.sum())
        if not count:
            continue
        handed_over = (rows["escalated"] != NEVER) & (moment >= rows["escalated"])
        by = np.where(handed_over, agent, first_agent)[today]
        day.write(
            "events",
            event_id=np.array([f"{ticket}-{number}" for ticket in ids[today].tolist()], dtype=object),
            ticket_id=ids[today],
            occurred_at=day.clock.stamps(moment[today]),
            event_type=constant(_EVENT_TYPES.get(step, step), count),
            employee_id=np.full(count, None, dtype=object) if step in _BY_CUSTOMER else by,
            team=team[today],
        )


def ticket_ids(number: Array) -> Texts:
    """Ticket numbers; `None` for negative ones."""
    return nullable(names.numbered("T", number, 8), number >= 0)
