"""Service improvements with known start dates, their effects, and the customers who are informed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from demo import names
from demo.clock import DAY
from demo.day import Day, constant
from demo.people import REGIONS
from demo.staff import TEAMS
from demo.typing import Array, Texts

_TELLING_DAYS = 5
_TOLD_SHARE = 0.7
_AFFECTED_DAYS = 90


@dataclass(frozen=True)
class Improvement:
    """A change for one region or team; `effect` changes the customer's satisfaction for each ticket solved there."""

    issue: str
    started_on: date
    dimension: str
    value: str
    control: str
    effect: float
    notice_en: str
    notice_zh: str


IMPROVEMENTS = (
    Improvement("slow call-backs", date(2026, 5, 4), "region", "west", "east", 0.45,
                "You told us call-backs were slow: we now call back within the hour.",
                "您反映回电慢:我们现在一小时内回电。"),
    Improvement("unclear web help", date(2026, 6, 1), "region", "coast", "islands", 0.0,
                "You told us the web help was unclear: we have written it anew.",
                "您反映网站帮助不清楚:我们已重新编写。"),
    Improvement("repeat faults", date(2026, 7, 6), "team", "technical", "support", 0.45,
                "You told us faults came back: an expert now checks each one.",
                "您反映故障反复出现:现在由专家逐一检查。"),
)  # fmt: skip


def effect_on_tickets(day: Day, who: Array, team: Array, resolved: Array, dimension: str) -> Array:
    """Satisfaction added per ticket by improvements of its region or team, at these simulation seconds."""
    effect = np.zeros(who.size)
    for improvement in (improvement for improvement in IMPROVEMENTS if improvement.dimension == dimension):
        since = (improvement.started_on - day.clock.start).days * DAY
        effect += improvement.effect * (_in_scope(day, improvement, who, team) & (resolved >= since))
    return effect


def _in_scope(day: Day, improvement: Improvement, who: Array, team: Array) -> Array:
    if improvement.dimension == "team":
        inside: Array = team == TEAMS.tolist().index(improvement.value)
        return inside
    inside = day.state.people["region"][who] == REGIONS.tolist().index(improvement.value)
    return inside


def tell(day: Day) -> None:
    """Inform most customers with a recent ticket there, in the days after the start."""
    for improvement in IMPROVEMENTS:
        passed = (day.date - improvement.started_on).days
        if 0 <= passed < _TELLING_DAYS:
            _tell(day, improvement, passed)


def _tell(day: Day, improvement: Improvement, passed: int) -> None:
    people, random = day.state.people, day.random(f"notice/{improvement.issue}")
    lately = np.flatnonzero((day.number - people["ticket_day"] < _AFFECTED_DAYS + passed) & ~people["merged"])
    scope = _in_scope(day, improvement, lately, people["ticket_team"][lately])
    who = lately[scope & (lately % _TELLING_DAYS == passed) & (random.random(lately.size) < _TOLD_SHARE)]
    day.move(who, day.effects.told_of_improvement)
    texts: Texts = np.array([improvement.notice_en, improvement.notice_zh], dtype=object)
    moment = day.moments(random, who.size, 9, 17)
    day.write(
        "contacts",
        contact_no=names.numbered("K", day.state.number("contact", who.size), 9),
        account_no=day.accounts(who),
        occurred_at=day.times(moment),
        channel=constant("email", who.size),
        touchpoint=constant("improvement_notice", who.size),
        direction=constant("outbound", who.size),
        text=texts[people["language"][who]],
        recorded_at=day.times(moment + 300),
    )
