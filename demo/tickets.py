"""Tickets: opened because of the day's events, answered and solved by agents of different skill."""

from __future__ import annotations

import numpy as np

from demo.clock import DAY, NEVER
from demo.day import Day
from demo.improvements import effect_on_tickets
from demo.staff import LOW_MORALE_TEAM
from demo.ticket_course import BILLING, DELIVERY, OUTAGE, STEPS, TEAM, draw_course
from demo.ticket_rows import write_events, write_tickets
from demo.typing import Array, Columns

_REASON_CATEGORY = {"delivery": DELIVERY, "outage": OUTAGE, "wave": OUTAGE, "price": BILLING, "overcharged": BILLING}
#: Causes of a ticket's effect on satisfaction.
FELT = ("first_response", "solution", "person", "solution_promise", "team", "came_back", "other")
_COMPLAINING_SHARE = {"wave": 0.3, "overcharged": 1.0}


def open_tickets(day: Day) -> None:
    """Open tickets for customers with a bad experience today, and for some others."""
    people, random = day.state.people, day.random("tickets")
    everyone = np.arange(day.state.size)
    rate = 0.0016 * np.exp(day.effects.ticket_log_rate_per_satisfaction * day.satisfaction(everyone))
    category = np.where(random.random(everyone.size) < rate, random.integers(2, 6, everyone.size), -1)
    in_wave = np.zeros(everyone.size, dtype=bool)
    for who, reason in day.reasons:
        touched = np.unique(who)
        complains = touched[random.random(touched.size) < _COMPLAINING_SHARE.get(reason, 0.22)]
        category[complains] = _REASON_CATEGORY[reason]
        in_wave[complains] = reason == "wave"
    category[people["merged"]] = -1
    who = np.flatnonzero(category >= 0)
    people["ticket_day"][who] = day.number
    people["ticket_team"][who] = TEAM[category[who]]
    day.state.later("tickets", draw_course(day, random, who, category[who], in_wave[who]))


def work_on_tickets(day: Day) -> Columns:
    """Export the tickets that changed today; returns those finally solved."""
    rows = day.state.take_due("tickets", day.number)
    if not rows["ticket"].size:
        return rows | {cause: np.empty(0) for cause in FELT}
    felt = _feel(day, rows)
    write_tickets(day, rows)
    write_events(day, rows)
    last = np.where(rows["reopened"] == NEVER, rows["resolved"], rows["resolved_again"])
    solved = (last >= day.begin) & (last < day.end)
    rows["due"] = _next_day(day, rows)
    still = rows["due"] > day.number
    day.state.later("tickets", {name: column[still] for name, column in rows.items()})
    return {name: column[solved] for name, column in (rows | felt).items()}


def _next_day(day: Day, rows: Columns) -> Array:
    """The day of each ticket's next event; today if there is none."""
    far = np.iinfo(np.int64).max
    times = np.stack([rows[step] for step in STEPS])
    upcoming = np.where(times >= day.end, times, far).min(axis=0)
    nearest: Array = np.where(upcoming == far, day.number, upcoming // DAY)
    return nearest


def _feel(day: Day, rows: Columns) -> Columns:
    """Apply today's ticket events to satisfaction; returns the total effect of each ticket by cause."""
    effects, who = day.effects, rows["who"]
    quality = day.state.staff["quality"][rows["agent"]]
    minutes = (rows["responded"] - rows["opened"]) / 60
    doublings = np.clip(np.log2(np.maximum(minutes, 1) / effects.first_response_knee_minutes), 0, 6)
    slow = effects.slow_first_response_per_doubling * doublings
    first_solved = rows["resolved"]
    pause = np.maximum(rows["customer_replied"] - rows["waiting"], 0)
    late = first_solved - pause - rows["promised"]
    team = TEAM[rows["category"]]
    solving = {
        "solution": effects.solved_ticket + np.zeros(who.size),
        "person": effects.good_agent_per_sd * quality,
        "solution_promise": effects.broken_ticket_promise * (late > 0)
        + effects.open_ticket_per_day * np.clip(late / DAY, 0, 15),
        "team": effects.low_morale_team * (team == LOW_MORALE_TEAM)
        + effect_on_tickets(day, who, team, first_solved, "team"),
        "other": effect_on_tickets(day, who, team, first_solved, "region"),
    }
    answering = {"first_response": slow}
    returning = {"came_back": effects.reopened_ticket * (rows["reopened"] != NEVER)}
    for moment, felt in ((rows["responded"], answering), (first_solved, solving), (rows["reopened"], returning)):
        today = (moment >= day.begin) & (moment < day.end)
        parts = {cause: effect[today] for cause, effect in felt.items()}
        day.move(who[today], np.sum(list(parts.values()), axis=0), parts)
    return answering | solving | returning
