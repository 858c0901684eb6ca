"""Declared A/B tests: who is in which arm, and what the treatment changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from demo import names
from demo.contracts import ACTIVE
from demo.day import Day, constant, nullable
from demo.typing import Array

CONTROL, TREATMENT = 0, 1
#: Approximate maximum number of customers in one test.
_LARGEST = 20_000


@dataclass(frozen=True)
class Experiment:
    """One test. The effects are those of the treatment for `effect_days` after the assignment."""

    experiment_id: str
    first_day: date
    last_day: date
    action_code: str
    only_with_contract: bool
    share: float
    effect_days: int
    leaving_log_hazard: float = 0.0
    order_rate_factor: float = 1.0
    satisfaction: float = 0.0

    @property
    def is_over_on(self) -> date:
        return self.last_day + timedelta(days=self.effect_days)


#: `share` is the daily share of eligible customers who are assigned; half of them are treated.
EXPERIMENTS = (
    Experiment("price-lock-2026-03", date(2026, 3, 2), date(2026, 3, 2), "lock_price", True, 0.6, 180,
               leaving_log_hazard=-0.8),
    Experiment("free-delivery-2026-07", date(2026, 7, 6), date(2026, 7, 6), "make_good_late_delivery", False, 0.6, 90,
               order_rate_factor=1.4),
    Experiment("new-invoice-2026-08", date(2026, 8, 3), date(2026, 8, 3), "general_care", True, 0.5, 60),
    Experiment("callback-2026-10", date(2026, 10, 5), date(2026, 12, 31), "speed_up_service", True, 0.012, 60,
               satisfaction=0.1),
)  # fmt: skip


def assign(day: Day) -> None:
    """Assign customers to the tests that are recruiting today."""
    for number, experiment in enumerate(EXPERIMENTS):
        if experiment.first_day <= day.date <= experiment.last_day:
            _assign(day, number, experiment)


def _assign(day: Day, number: int, experiment: Experiment) -> None:
    people, random = day.state.people, day.random(experiment.experiment_id)
    arms = people[f"arm_{number}"]
    eligible = (arms < 0) & ~people["merged"] & people["is_buyer"]
    if experiment.only_with_contract:
        eligible = (arms < 0) & (people["contract"] == ACTIVE)
    share = min(experiment.share, _LARGEST / day.state.size)
    who = np.flatnonzero(eligible & (random.random(day.state.size) < share))
    arm = random.integers(0, 2, who.size)
    people[f"arm_{number}"][who] = arm
    treated = arm == TREATMENT
    day.move(who[treated], experiment.satisfaction)
    moment = day.times(day.moments(random, who.size, 1, 6))
    day.write(
        "retention_actions",
        intervention_id=names.numbered("N", day.state.number("action", who.size), 7),
        account_no=day.accounts(who),
        assigned_at=moment,
        arm=np.array(["control", "treatment"], dtype=object)[arm],
        experiment_id=constant(experiment.experiment_id, who.size),
        action_code=nullable(constant(experiment.action_code, who.size), treated),
        updated_at=moment,
    )


def leaving_log_hazard(day: Day) -> Array:
    """Change of each customer's log hazard of leaving by running tests."""
    added = np.zeros(day.state.size)
    for number, experiment in enumerate(EXPERIMENTS):
        if experiment.leaving_log_hazard and experiment.first_day <= day.date < experiment.is_over_on:
            added += experiment.leaving_log_hazard * (day.state.people[f"arm_{number}"] == TREATMENT)
    return added


def order_rate_factor(day: Day) -> Array | float:
    """Factor of each customer's order rate by running tests."""
    factor: Array | float = 1.0
    for number, experiment in enumerate(EXPERIMENTS):
        if experiment.order_rate_factor != 1 and experiment.first_day <= day.date < experiment.is_over_on:
            treated = day.state.people[f"arm_{number}"] == TREATMENT
            factor = factor * np.where(treated, experiment.order_rate_factor, 1.0)
    return factor
