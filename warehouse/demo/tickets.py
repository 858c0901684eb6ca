"""Tickets: opened because of what happened today, answered and solved by agents of different skill."""

from __future__ import annotations

from functools import cache

import numpy as np

from warehouse.demo import comments, names
from warehouse.demo.clock import DAY, HOUR, NEVER
from warehouse.demo.day import Day, constant, happened, nullable
from warehouse.demo.people import LANGUAGES
from warehouse.demo.randomness import stream
from warehouse.demo.staff import TEAMS, agents_for, employee_ids
from warehouse.demo.typing import Array, Columns, Texts

CATEGORIES = np.array(["delivery", "outage", "billing", "product", "account", "contract"], dtype=object)
_TEAM = np.array([3, 2, 1, 2, 0, 0])
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
PRIORITIES = np.array(["low", "normal", "high", "urgent"], dtype=object)
_PROMISED_HOURS = np.array([96, 60, 36, 16])
CHANNELS = np.array(["phone", "email", "chat", "app", "web"], dtype=object)
_REASON_CATEGORY = {"delivery": 0, "outage": 1, "price": 2}
_STEPS = ("opened", "assigned", "responded", "escalated", "resolved", "reopened", "resolved", "closed")
_VARIANTS = 48
BY_ID, BY_EMAIL, BY_PHONE = range(3)


def open_tickets(day: Day) -> None:
    """Those to whom something happened today, and some others, open a ticket."""
    people, random = day.state.people, day.random("tickets")
    everyone = np.arange(day.state.size)
    rate = 0.0016 * np.exp(day.effects.ticket_log_rate_per_satisfaction * day.satisfaction(everyone))
    category = np.where(random.random(everyone.size) < rate, random.integers(2, 6, everyone.size), -1)
    for who, reason in day.reasons:
        touched = np.unique(who)
        complains = touched[random.random(touched.size) < 0.22]
        category[complains] = _REASON_CATEGORY[reason]
    category[people["merged"]] = -1
    who = np.flatnonzero(category >= 0)
    day.state.later("tickets", _course(day, random, who, category[who]))


def _course(day: Day, random: np.random.Generator, who: Array, category: Array) -> Columns:
    """All that will happen to the tickets."""
    people, count = day.state.people, who.size
    agent = agents_for(day, _TEAM[category], random)
    quality = day.state.staff["quality"][agent]
    vip = people["is_vip"][who]
    priority = np.minimum(random.choice(3, count, p=[0.25, 0.5, 0.25]) + vip, 3)
    opened = day.moments(random, count, 6, 23)
    pace = np.exp(-0.25 * quality - 0.25 * (priority - 1))
    responded = opened + (pace * np.exp(random.normal(1.1, 1.0, count)) * HOUR).astype(np.int64) + 60
    stuck = random.random(count) < 0.05
    work = pace * np.exp(random.normal(2.8, 0.9, count)) + stuck * random.uniform(300, 900, count)
    resolved = responded + (work * HOUR).astype(np.int64) + 300
    returns = random.random(count) < np.clip(0.13 - 0.05 * quality, 0.02, 0.4)
    reopened = np.where(returns, resolved + random.integers(4, 60, count) * HOUR, NEVER)
    again = np.where(returns, reopened + (pace * random.gamma(2.0, 20, count) * HOUR).astype(np.int64) + HOUR, NEVER)
    last = np.where(returns, again, resolved)
    complaint = random.random(count) < 0.08 + 0.30 / (1 + np.exp(2 + 3 * day.satisfaction(who)))
    escalates = (random.random(count) < 0.06 + 0.15 * complaint) & (resolved - responded > 4 * HOUR)
    identified = random.choice(3, count, p=[0.5, 0.27, 0.23])
    return {
        "due": opened // DAY,
        "ticket": day.state.number("ticket", count),
        "who": who,
        "opened": opened,
        "responded": responded,
        "resolved": resolved,
        "reopened": reopened,
        "resolved_again": again,
        "closed": last + 72 * HOUR,
        "promised": opened + _PROMISED_HOURS[priority] * HOUR,
        "escalated": np.where(escalates, (responded + resolved) // 2, NEVER),
        "priority": priority,
        "category": category,
        "complaint": complaint,
        "channel": random.choice(5, count, p=[0.35, 0.25, 0.2, 0.12, 0.08]),
        "agent": agent,
        "identified_by": np.where((identified == BY_PHONE) & ~names.has_phone(who), BY_EMAIL, identified),
    }


def work_on_tickets(day: Day) -> Columns:
    """Export the tickets to which something happened today; returns those that were solved for good."""
    rows = day.state.take_due("tickets", day.number)
    if not rows["ticket"].size:
        return rows | {"effect": np.empty(0)}
    effect = _feel(day, rows)
    _write_tickets(day, rows)
    _write_events(day, rows)
    last = np.where(rows["reopened"] == NEVER, rows["resolved"], rows["resolved_again"])
    solved = (last >= day.begin) & (last < day.end)
    rows["due"] = _next_day(day, rows)
    still = rows["due"] > day.number
    day.state.later("tickets", {name: column[still] for name, column in rows.items()})
    return {name: column[solved] for name, column in (rows | {"effect": effect}).items()}


def _next_day(day: Day, rows: Columns) -> Array:
    """The next day on which something happens to each ticket; today where nothing does."""
    far = np.iinfo(np.int64).max
    steps = ("responded", "escalated", "resolved", "reopened", "resolved_again", "closed")
    times = np.stack([_assigned(rows), *(rows[name] for name in steps)])
    upcoming = np.where(times >= day.end, times, far).min(axis=0)
    nearest: Array = np.where(upcoming == far, day.number, upcoming // DAY)
    return nearest


def _feel(day: Day, rows: Columns) -> Array:
    """Move satisfaction by what happened to the tickets today; returns the whole effect of each ticket."""
    effects, who = day.effects, rows["who"]
    quality = day.state.staff["quality"][rows["agent"]]
    hours = (rows["responded"] - rows["opened"]) / HOUR
    slow = effects.slow_first_response_per_doubling * np.clip(np.log2(np.maximum(hours, 1) / 2), 0, 5)
    first_solved = rows["resolved"]
    broken = effects.broken_ticket_promise * (first_solved > rows["promised"])
    open_days = np.clip((first_solved - rows["promised"]) / DAY, 0, 15)
    solving = effects.good_agent_per_sd * quality + broken + effects.open_ticket_per_day * open_days
    back = effects.reopened_ticket * (rows["reopened"] != NEVER)
    for moment, effect in ((rows["responded"], slow), (first_solved, solving), (rows["reopened"], back)):
        today = (moment >= day.begin) & (moment < day.end)
        day.move(who[today], effect[today])
    whole: Array = slow + solving + back
    return whole


def _status(rows: Columns, day: Day) -> Array:
    """Index of new, open, waiting, resolved, closed at the end of the day."""
    resolved = happened(rows["resolved"], day.end) != NEVER
    reopened = happened(rows["reopened"], day.end) != NEVER
    again = happened(rows["resolved_again"], day.end) != NEVER
    working = np.where(happened(rows["responded"], day.end) != NEVER, 1, 0)
    state = np.where(resolved & ~(reopened & ~again), 3, working)
    closed: Array = np.where(happened(rows["closed"], day.end) != NEVER, 4, state)
    return closed


def _write_tickets(day: Day, rows: Columns) -> None:
    who, by, stamps = rows["who"], rows["identified_by"], day.clock.stamps
    people, language = day.state.people, day.state.people["language"][rows["who"]]
    now = {
        name: happened(rows[name], day.end)
        for name in ("responded", "resolved", "resolved_again", "closed", "reopened", "escalated")
    }
    is_open = now["reopened"] > now["resolved_again"]
    resolved = np.where(is_open, NEVER, np.maximum(now["resolved"], now["resolved_again"]))
    responded = rows["responded"] < day.end
    day.write(
        "tickets",
        ticket_id=ticket_ids(rows["ticket"]),
        customer_id=nullable(day.accounts(who), by == BY_ID),
        email=nullable(names.emails(people["person"][who], people["email_version"][who]), by != BY_PHONE),
        phone=nullable(_phones(day, who), by == BY_PHONE),
        opened_at=stamps(rows["opened"]),
        first_response_at=stamps(now["responded"]),
        resolved_at=stamps(resolved),
        closed_at=stamps(now["closed"]),
        promised_at=stamps(rows["promised"]),
        status=np.array(["new", "open", "waiting", "resolved", "closed"], dtype=object)[_status(rows, day)],
        priority=PRIORITIES[rows["priority"]],
        category=CATEGORIES[rows["category"]],
        is_complaint=rows["complaint"],
        channel=CHANNELS[rows["channel"]],
        product=nullable(np.where(rows["category"] == 1, "broadband", "shop").astype(object), rows["category"] < 2),
        team=TEAMS[_TEAM[rows["category"]]],
        employee_id=nullable(employee_ids(rows["agent"]), responded),
        subject=_SUBJECTS[language, rows["category"]],
        text=_first_messages(day, rows, language),
        language=LANGUAGES[language],
        updated_at=stamps(np.maximum(_latest(rows, day.end), np.maximum.reduce(list(now.values())))),
    )


def _phones(day: Day, who: Array) -> Texts:
    """Numbers as the desk sees them, in two notations."""
    shared = day.state.people["switchboard"][who]
    return np.where(who % 2 == 0, names.phones(who, shared, 0), names.phones(who, shared, 2)).astype(object)


def _first_messages(day: Day, rows: Columns, language: Array) -> Texts:
    """The first message stays the same in every version: it is chosen by the ticket's number."""
    texts: Texts = _messages(day.plan.seed)[rows["ticket"] % _VARIANTS, language, _ASPECT[rows["category"]]]
    return texts


@cache
def _messages(seed: int) -> Texts:
    """Complaints by [variant, language, aspect]."""
    _, language, aspect = np.indices((_VARIANTS, 2, len(comments.ASPECTS))).reshape(3, -1)
    random = stream(seed, 0, "messages")
    written = comments.write_comments(random, language, aspect, np.ones(language.size, dtype=bool))
    return written.reshape(_VARIANTS, 2, -1)


def _latest(rows: Columns, until: int) -> Array:
    """The later of being opened and being assigned, before `until`."""
    return np.maximum(rows["opened"], happened(_assigned(rows), until))


def _assigned(rows: Columns) -> Array:
    """A ticket is given to an agent after a third of the time to the first response."""
    moment: Array = rows["opened"] + (rows["responded"] - rows["opened"]) // 3
    return moment


def _write_events(day: Day, rows: Columns) -> None:
    """One event a step that was taken today."""
    moments = (
        rows["opened"], _assigned(rows), rows["responded"], rows["escalated"],
        rows["resolved"], rows["reopened"], rows["resolved_again"], rows["closed"],
    )  # fmt: skip
    ids = ticket_ids(rows["ticket"])
    team, agent = TEAMS[_TEAM[rows["category"]]], employee_ids(rows["agent"])
    for number, (step, moment) in enumerate(zip(_STEPS, moments, strict=True)):
        today = (moment >= day.begin) & (moment < day.end)
        count = int(today.sum())
        by_customer = step in ("opened", "reopened")
        day.write(
            "events",
            event_id=np.array([f"{ticket}-{number}" for ticket in ids[today].tolist()], dtype=object),
            ticket_id=ids[today],
            occurred_at=day.clock.stamps(moment[today]),
            event_type=constant(step, count),
            employee_id=np.full(count, None, dtype=object) if by_customer else agent[today],
            team=team[today],
        )


def ticket_ids(number: Array) -> Texts:
    """Ticket numbers; `None` for negative ones."""
    return nullable(names.numbered("T", number, 8), number >= 0)
