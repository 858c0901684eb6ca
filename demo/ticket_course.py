"""The course of a ticket: all its events are drawn when it is opened."""

from __future__ import annotations

import numpy as np

from demo.clock import DAY, HOUR, NEVER
from demo.day import Day
from demo.identities import has_phone
from demo.staff import agents_for
from demo.typing import Array, Columns

CATEGORIES = np.array(["delivery", "outage", "billing", "product", "account", "contract"], dtype=object)
DELIVERY, OUTAGE, BILLING = range(3)
#: The team in charge of each category.
TEAM = np.array([3, 2, 1, 2, 0, 0])
PRIORITIES = np.array(["low", "normal", "high", "urgent"], dtype=object)
CHANNELS = np.array(["phone", "email", "chat", "app", "web"], dtype=object)
#: The steps of a ticket in the order in which they are usually taken; each is a time of the course.
STEPS = (
    "opened", "assigned", "acknowledged", "planned", "responded", "escalated", "waiting", "customer_replied",
    "resolved", "reopened", "resolved_again", "verified", "closed",
)  # fmt: skip
BY_ID, BY_EMAIL, BY_PHONE = range(3)
_PROMISED_HOURS = np.array([96, 60, 36, 16])
#: Median hours to the first response.
_FIRST_RESPONSE_HOURS = np.array([0.35, 4.0, 0.25, 2.5, 4.0])
_NEVER_ANSWERED_OF_LOW = 0.05
_ESCALATED_AT, _WAITING_AT = 0.15, 0.3


def draw_course(day: Day, random: np.random.Generator, who: Array, category: Array, in_wave: Array) -> Columns:
    """One row a ticket; those `in_wave` come within two days of an outage that many feel, mostly as complaints."""
    people, count = day.state.people, who.size
    agent, first_agent = (agents_for(day, TEAM[category], random) for _ in range(2))
    quality = day.state.staff["quality"][agent]
    priority = np.minimum(random.choice(3, count, p=[0.25, 0.5, 0.25]) + people["is_vip"][who], 3)
    channel = random.choice(5, count, p=[0.35, 0.25, 0.2, 0.12, 0.08])
    complaint = random.random(count) < np.where(in_wave, 0.65, _complaining(day, who))
    opened = day.moments(random, count, 6, 23) + np.where(in_wave & (random.random(count) < 0.35), DAY, 0)
    pace = np.exp(-0.25 * quality - 0.25 * (priority - 1))
    hours = pace * _FIRST_RESPONSE_HOURS[channel] * np.exp(random.normal(0, 1.0, count))
    overlooked = complaint & (random.random(count) < day.effects.overlooked_complaint_share)
    hours = np.where(overlooked, np.maximum(hours, random.uniform(2.2, 9, count)), hours)
    course: Columns = {
        "due": opened // DAY,
        "ticket": day.state.number("ticket", count),
        "who": who,
        "opened": opened,
        "responded": opened + (hours * HOUR).astype(np.int64) + 60,
        "promised": opened + _PROMISED_HOURS[priority] * HOUR,
        "priority": priority,
        "category": category,
        "complaint": complaint,
        "channel": channel,
        "identified_by": _identified(day, random, who),
    }
    course["assigned"] = opened + (course["responded"] - opened) // 3
    _solve(random, course, pace, quality)
    _close_the_loop(random, course, overlooked)
    course["agent"] = agent
    course["first_agent"] = np.where(course["escalated"] != NEVER, first_agent, agent)
    _forget(course, (random.random(count) < _NEVER_ANSWERED_OF_LOW) & (priority == 0) & ~complaint)
    return course


def _complaining(day: Day, who: Array) -> Array:
    share: Array = 0.08 + 0.30 / (1 + np.exp(2 + 3 * day.satisfaction(who)))
    return share


def _identified(day: Day, random: np.random.Generator, who: Array) -> Array:
    by = random.choice(3, who.size, p=[0.5, 0.27, 0.23])
    return np.where((by == BY_PHONE) & ~has_phone(day, who), BY_EMAIL, by)


def _solve(random: np.random.Generator, course: Columns, pace: Array, quality: Array) -> None:
    """Draw the working steps, with pauses while the customer has to answer; some tickets are reopened."""
    count, responded = pace.size, course["responded"]
    stuck = random.random(count) < 0.05
    work = (pace * np.exp(random.normal(2.8, 0.9, count)) + stuck * random.uniform(300, 900, count)) * HOUR
    waits = random.random(count) < 0.25
    pause = np.where(waits, (random.gamma(1.5, 12, count) * HOUR).astype(np.int64) + 600, 0)
    waiting = responded + (_WAITING_AT * work).astype(np.int64)
    resolved = responded + work.astype(np.int64) + pause + 300
    returns = random.random(count) < np.clip(0.13 - 0.05 * quality, 0.02, 0.4)
    reopened = resolved + random.integers(4, 60, count) * HOUR
    again = reopened + (pace * random.gamma(2.0, 20, count) * HOUR).astype(np.int64) + HOUR
    escalates = (random.random(count) < 0.06 + 0.15 * course["complaint"]) & (work > 4 * HOUR)
    course |= {
        "escalated": np.where(escalates, responded + (_ESCALATED_AT * work).astype(np.int64), NEVER),
        "waiting": np.where(waits, waiting, NEVER),
        "customer_replied": np.where(waits, waiting + pause, NEVER),
        "resolved": resolved,
        "reopened": np.where(returns, reopened, NEVER),
        "resolved_again": np.where(returns, again, NEVER),
        "closed": np.where(returns, again, resolved) + 72 * HOUR,
    }


def _close_the_loop(random: np.random.Generator, course: Columns, overlooked: Array) -> None:
    """Draw acknowledgement, plan and verification of complaints; overlooked ones miss the two hours."""
    count, complaint = course["opened"].size, course["complaint"]
    soon = course["opened"] + (0.5 * np.exp(random.normal(0, 0.6, count)) * HOUR).astype(np.int64)
    acknowledged = np.where(overlooked, course["responded"], np.minimum(soon, course["responded"]))
    planned = acknowledged + (8 * np.exp(random.normal(0, 0.9, count)) * HOUR).astype(np.int64)
    asked = course["closed"] - random.integers(1, 60, count) * HOUR
    course["acknowledged"] = np.where(complaint, acknowledged, NEVER)
    course["planned"] = np.where(complaint & (planned < course["resolved"]), planned, NEVER)
    course["verified"] = np.where(complaint & (random.random(count) < 0.8), asked, NEVER)


def _forget(course: Columns, forgotten: Array) -> None:
    """Mark tickets that are never answered."""
    for step in STEPS[1:]:
        course[step] = np.where(forgotten, NEVER, course[step])
