"""The retention team: contacts by the playbook, a holdout for comparison, and outcomes."""

from __future__ import annotations

import numpy as np

from demo import comments, names
from demo.clock import NEVER
from demo.contracts import ACTIVE
from demo.day import Day, nullable
from demo.orders import tell_buyers
from demo.staff import agents_for, employee_ids
from demo.typing import Array, Columns, Texts

#: Codes of the playbook and what each costs; the first ones answer the trouble at the same position in `_TROUBLES`.
ACTIONS = np.array(
    [
        "make_good_late_delivery", "credit_outages", "lock_price", "speed_up_service", "recover_complaint",
        "catch_falling_satisfaction", "general_care", "win_next_order", "remind_of_us",
    ],
    dtype=object,
)  # fmt: skip
ACTION_COSTS = np.array([600, 1_000, 3_000, 300, 1_500, 300, 200, 1_500, 100])
_TROUBLES = (comments.DELIVERY, comments.OUTAGE, comments.PRICE, comments.SPEED)
_GENERAL, _WIN_BACK, _REMIND = 6, 7, 8
EXPERIMENTS = np.array(["retention-standing", "win-back-standing"], dtype=object)
_STANDING, _LAPSED = range(2)
HOLDOUT_SHARE = 0.1
_OUTCOMES = np.array(["accepted", "refused", "unreachable"], dtype=object)
_ACCEPTED, _REFUSED, _UNREACHABLE = range(3)
UNREACHABLE_SHARE = 0.25
#: Acceptance share of customers reached: for an action that answers their trouble, and for any other.
ACCEPTING_SHARE = {"fitting": 0.7, "other": 0.4}
_SALES, _RETENTION = 4, 5
_FIVE_MONTHS = 150


def retain(day: Day) -> None:
    """Pick customers who seem unhappy, and buyers who lapsed; one in ten is held out for comparison."""
    _hear_outcomes(day)
    people, random = day.state.people, day.random("retention")
    drawn = random.random(day.state.size)
    few, others = np.flatnonzero(drawn < 0.02), np.flatnonzero(drawn > 0.994)
    few = few[_rested(day, few) & (people["contract"][few] == ACTIVE)]
    seems = day.satisfaction(few) + random.normal(0, 0.5, few.size)
    unhappy = few[seems < -0.8]
    lapsed_long = ~people["is_buyer"][others] & (day.number - people["lapsed_day"][others] > _FIVE_MONTHS)
    lapsed = others[_rested(day, others) & lapsed_long & (people["contract"][others] != ACTIVE)]
    _assign(day, random, unhappy, _STANDING, _fitting_actions(day, random, unhappy))
    _assign(day, random, lapsed, _LAPSED, np.where(random.random(lapsed.size) < 0.5, _WIN_BACK, _REMIND))


def _rested(day: Day, who: Array) -> Array:
    """Whether customers may be contacted and were not contacted recently."""
    people = day.state.people
    rested: Array = day.number - people["acted_day"][who] > 90
    return rested & people["is_contactable"][who] & ~people["merged"][who]


def _fitting_actions(day: Day, random: np.random.Generator, who: Array) -> Array:
    """Mostly the action that answers the last bad experience, else a general one."""
    trouble = _recent_trouble(day, who)
    code = random.integers(3, _GENERAL + 1, who.size)
    for action, aspect in enumerate(_TROUBLES):
        code = np.where((trouble == aspect) & (random.random(who.size) < 0.7), action, code)
    return code


def _recent_trouble(day: Day, who: Array) -> Array:
    people = day.state.people
    return np.where(day.number - people["trouble_day"][who] < 90, people["trouble"][who], -1)


def _assign(day: Day, random: np.random.Generator, who: Array, experiment: int, code: Array) -> None:
    count = who.size
    day.state.people["acted_day"][who] = day.number
    held_out = random.random(count) < HOLDOUT_SHARE
    team = _SALES if experiment == _LAPSED else _RETENTION
    rows: Columns = {
        "due": day.number + random.integers(1, 5, count),
        "action": day.state.number("action", count),
        "who": who,
        "assigned": day.moments(random, count, 7, 9),
        "experiment": np.full(count, experiment),
        "code": code,
        "agent": np.where(held_out, -1, agents_for(day, np.full(count, team), random)),
    }
    never = np.full(count, NEVER)
    _write(day, rows, never, never, np.full(count, -1), rows["assigned"])
    day.state.later("actions", {name: column[~held_out] for name, column in rows.items()})


def _hear_outcomes(day: Day) -> None:
    people, random = day.state.people, day.random("outcomes")
    rows = day.state.take_due("actions", day.number)
    who, count = rows["who"], rows["who"].size
    contacted = day.moments(random, count, 9, 17)
    answers = np.isin(_recent_trouble(day, who), _TROUBLES) & (rows["code"] < len(_TROUBLES))
    accepting = np.where(answers, ACCEPTING_SHARE["fitting"], ACCEPTING_SHARE["other"])
    outcome = np.where(random.random(count) < accepting, _ACCEPTED, _REFUSED)
    outcome = np.where(random.random(count) < UNREACHABLE_SHARE, _UNREACHABLE, outcome)
    day.move(who[outcome != _UNREACHABLE], day.effects.retention_contact)
    accepted = outcome == _ACCEPTED
    stays = accepted & (rows["experiment"] == _STANDING) & (random.random(count) < day.effects.saved_if_accepted)
    people["leave_day"][who[stays]] = people["decided_day"][who[stays]] = -1
    won = who[accepted & (rows["experiment"] == _LAPSED) & ~people["is_buyer"][who]]
    people["is_buyer"][won] = True
    tell_buyers(day, won, "came_back")
    known = contacted + 1_800
    _write(day, rows, np.where(outcome == _UNREACHABLE, NEVER, contacted), known, outcome, known)


def _write(day: Day, rows: Columns, contacted: Array, known: Array, outcome: Array, updated: Array) -> None:
    count, treated = rows["who"].size, rows["agent"] >= 0
    channel: Texts = np.where(rows["code"] == _REMIND, "email", "phone").astype(object)
    day.write(
        "retention_actions",
        intervention_id=names.numbered("N", rows["action"], 7),
        account_no=day.accounts(rows["who"]),
        assigned_at=day.times(rows["assigned"]),
        arm=np.where(treated, "treatment", "holdout").astype(object),
        experiment_id=EXPERIMENTS[rows["experiment"]] if count else np.empty(0, dtype=object),
        action_code=nullable(ACTIONS[rows["code"]], treated),
        channel=nullable(channel, treated),
        employee_id=employee_ids(rows["agent"]),
        contacted_at=day.times(contacted),
        outcome=nullable(_OUTCOMES[outcome], outcome >= 0),
        outcome_at=day.times(known),
        cost_cents=nullable(ACTION_COSTS[rows["code"]], treated & (outcome >= 0)),
        updated_at=day.times(updated),
    )
