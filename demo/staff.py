"""Employees: teams, skill that affects customers, moves and leavers."""

from __future__ import annotations

import numpy as np

from demo import names
from demo.clock import DAY, NEVER
from demo.day import Day, constant, nullable
from demo.people import REGIONS
from demo.typing import Array

TEAMS = np.array(["support", "billing", "technical", "delivery", "sales", "retention"], dtype=object)
#: The badly led team (billing): its employee surveys and its customers' satisfaction are lower.
LOW_MORALE_TEAM = 1
ROLES = np.array(["agent", "account_manager", "retention_specialist", "team_lead"], dtype=object)
AGENT, MANAGER, SPECIALIST, LEAD = range(4)
#: What a skilled employee answers higher, and what the badly led team answers lower, by question (1 to 5).
QUESTIONS = {
    "engagement": (0.6, -0.8),
    "morale": (0.5, -1.2),
    "workload": (0.3, -0.4),
    "tools": (0.2, 0.0),
    "leadership": (0.35, -1.0),
}
_CONTACTS_PER_DAY = np.array([0, 6, 12, 0])


def hire(day: Day) -> None:
    """Create the initial staff."""
    customers, random = day.plan.customers, day.random("staff")
    sizes = (max(12, customers // 400), max(3, customers // 1_500), max(2, customers // 2_000), TEAMS.size)
    role = np.repeat(np.arange(4), sizes)
    team = np.concatenate([np.arange(sizes[0]) % 4, np.full(sizes[1], 4), np.full(sizes[2], 5), np.arange(TEAMS.size)])
    leads = np.flatnonzero(role == LEAD)
    quality = random.normal(0, 1, role.size)
    for number in range(TEAMS.size):  # teams differ only by what is planted
        quality[team == number] -= quality[team == number].mean()
    day.state.staff = {
        "role": role.astype(np.int8),
        "team": team.astype(np.int8),
        "quality": quality.astype(np.float32),
        "region": random.integers(0, REGIONS.size, role.size).astype(np.int8),
        "hired": (-random.integers(30, 3_000, role.size) * DAY + 8 * 3_600).astype(np.int64),
        "left": np.full(role.size, NEVER),
        "manager": np.where(role == LEAD, -1, leads[team]).astype(np.int32),
    }
    _write(day, np.arange(role.size), day.state.staff["hired"])


def manage(day: Day) -> None:
    """A few agents leave (and are replaced) or change teams."""
    staff, random = day.state.staff, day.random("staff")
    drawn = random.random(staff["role"].size)
    agents = (staff["role"] == AGENT) & (staff["left"] == NEVER)
    moving = np.flatnonzero(agents & (drawn < 0.0004))
    staff["team"][moving] = random.integers(0, 4, moving.size)
    staff["manager"][moving] = np.flatnonzero(staff["role"] == LEAD)[staff["team"][moving]]
    leaving = np.flatnonzero(agents & (drawn > 0.9996))
    staff["left"][leaving] = day.begin + 17 * 3_600
    changed = np.concatenate([moving, leaving])
    _write(day, changed, np.full(changed.size, day.begin + 17 * 3_600))
    if leaving.size:
        _replace(day, leaving, random)


def _replace(day: Day, leaving: Array, random: np.random.Generator) -> None:
    staff = day.state.staff
    new = {name: column[leaving].copy() for name, column in staff.items()}
    new["quality"] = random.normal(0, 1, leaving.size).astype(np.float32)
    new["hired"] = np.full(leaving.size, day.begin + 18 * 3_600)
    new["left"] = np.full(leaving.size, NEVER)
    first = staff["role"].size
    day.state.staff = {name: np.concatenate([column, new[name]]) for name, column in staff.items()}
    who = np.arange(first, first + leaving.size)
    _write(day, who, day.state.staff["hired"][who])


def employee_ids(who: Array) -> Array:
    """Employee numbers; `None` for -1."""
    return nullable(names.numbered("S", who, 5), who >= 0)


def agents_for(day: Day, team: Array, random: np.random.Generator) -> Array:
    """An agent of each team at random, as indices of the staff."""
    staff = day.state.staff
    chosen = np.empty(team.size, dtype=np.int64)
    for number in np.unique(team):
        members = np.flatnonzero((staff["team"] == number) & (staff["left"] == NEVER) & (staff["role"] != LEAD))
        members = members if members.size else np.flatnonzero(staff["role"] == LEAD)
        wanted = team == number
        chosen[wanted] = members[random.integers(0, members.size, int(wanted.sum()))]
    return chosen


def ask_staff(day: Day) -> None:
    """Write the quarterly employee survey; skilled agents answer higher."""
    if day.number % 91 != 30:
        return
    staff, random = day.state.staff, day.random("employee survey")
    here = np.flatnonzero((staff["left"] == NEVER) & (random.random(staff["role"].size) < 0.85))
    moment = day.moments(random, here.size, 9, 17)
    badly_led = staff["team"][here] == LOW_MORALE_TEAM
    for question, (strength, loss) in QUESTIONS.items():
        answer = np.rint(3.6 + strength * staff["quality"][here] + loss * badly_led + random.normal(0, 0.7, here.size))
        day.write(
            "employee_responses",
            employee_id=employee_ids(here),
            team=TEAMS[staff["team"][here]],
            responded_at=day.clock.stamps(moment),
            question_code=constant(question, here.size),
            answer_value=np.clip(answer, 1, 5).astype(np.int64),
        )


def _write(day: Day, who: Array, updated: Array) -> None:
    staff = {name: column[who] for name, column in day.state.staff.items()}
    person = who + 900_000_000
    day.write(
        "staff",
        employee_id=employee_ids(who),
        name=names.full_names(person, np.zeros(who.size)),
        email=np.array([f"s{n:05d}@staff.example.com" for n in who.tolist()], dtype=object),
        team=TEAMS[staff["team"]],
        role=ROLES[staff["role"]],
        region=REGIONS[staff["region"]],
        manager_id=employee_ids(staff["manager"]),
        contacts_per_day=_CONTACTS_PER_DAY[staff["role"]],
        hired_at=day.times(staff["hired"]),
        left_at=day.times(staff["left"]),
        updated_at=day.times(updated),
    )
