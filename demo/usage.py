"""Product use, metered at intervals, and outages."""

from __future__ import annotations

import numpy as np

from demo import episodes
from demo.contracts import ACTIVE
from demo.day import Day, constant
from demo.people import REGIONS
from demo.typing import Array

_OUTAGES_A_REGION_AND_DAY = 1 / 55


def use_product(day: Day) -> None:
    """Write the readings due today, those of customers hit by an outage, and late ones."""
    people, every = day.state.people, day.plan.usage_every_days
    outage = _outages(day)
    active = people["contract"] == ACTIVE
    metered = (np.arange(day.state.size) + day.number) % every == 0
    who = np.flatnonzero(active & (metered | (outage > 0)))
    random = day.random("usage")
    level = day.effects.usage_log_level_per_satisfaction * day.satisfaction(who) + random.normal(0, 0.32, who.size)
    minutes = people["usage"][who] * np.exp(level) * _fading(day, who)
    minutes *= 1 - 0.5 * (outage[who] > 0)
    sessions = random.poisson(minutes / 9)
    late = random.random(who.size) < day.plan.defect_rate * 0.5
    delay = random.integers(2, 6, who.size)
    rows = {
        "due": day.number + delay,
        "who": who,
        "day": np.full(who.size, day.number),
        "sessions": sessions,
        "minutes": np.where(sessions > 0, np.round(minutes, 1), 0.0),
        "outage": np.round(outage[who], 0),
    }
    _write(day, {name: column[~late] for name, column in rows.items()})
    day.state.later("usage", {name: column[late] for name, column in rows.items()})
    overdue = day.state.take_due("usage", day.number)
    keys = zip(day.accounts(overdue["who"]).tolist(), day.clock.dates(overdue["day"]).tolist(), strict=True)
    day.defect("usage_daily", "late", ["|".join(key) for key in keys], "recorded days after the day of use")
    _write(day, overdue)


def _fading(day: Day, who: Array) -> Array:
    """Factor of use for customers who decided to leave: falls from three quarters to a third."""
    decided, leaving = day.state.people["decided_day"][who], day.state.people["leave_day"][who]
    passed = (day.number - decided) / np.maximum(leaving - decided, 1)
    faded: Array = np.where(leaving >= 0, 0.75 - 0.45 * np.clip(passed, 0, 1), 1.0)
    return faded


def _outages(day: Day) -> Array:
    """Minutes of outage each customer has today; an outage hits about a third of a region's customers."""
    people, random = day.state.people, day.random("outages")
    begins = random.random(REGIONS.size) < _OUTAGES_A_REGION_AND_DAY
    length = np.rint(20 + random.gamma(1.5, 80, REGIONS.size))
    minutes = np.zeros(day.state.size)
    if begins.any():
        part = (np.arange(day.state.size) * 2_654_435_761 + day.number * 97) % 100 < 35
        hit = begins[people["region"]] & part & (people["contract"] == ACTIVE)
        minutes[hit] = length[people["region"][hit]]
        who = np.flatnonzero(hit)
        day.move(who, day.effects.outage_per_hour * np.minimum(minutes[who] / 60, 4), "outage")
        day.reasons.append((who[minutes[who] > 60], "outage"))
    return np.maximum(minutes, _wave(day))


def _wave(day: Day) -> Array:
    """Minutes of a regional outage that causes a wave of complaints."""
    people = day.state.people
    minutes = np.zeros(day.state.size)
    region = episodes.where(day, episodes.OUTAGE_WAVE)
    if region:
        part = (np.arange(day.state.size) * 2_654_435_761 + day.number) % 100 < 80
        hit = (REGIONS[people["region"]] == region) & part & (people["contract"] == ACTIVE)
        minutes[hit] = episodes.OUTAGE_WAVE.size
        who = np.flatnonzero(hit)
        day.move(who, day.effects.outage_per_hour * 4, "outage")
        day.reasons.append((who, "wave"))
    return minutes


def _write(day: Day, rows: dict[str, Array]) -> None:
    who = rows["who"]
    random = day.random(f"meter/{who.size}")
    day.write(
        "usage_daily",
        account_no=day.accounts(who),
        usage_date=day.clock.dates(rows["day"]),
        feature=constant("service", who.size),
        sessions=rows["sessions"],
        minutes=rows["minutes"],
        outage_minutes=rows["outage"],
        recorded_at=day.times(day.moments(random, who.size, 22, 24)),
    )
