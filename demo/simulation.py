"""One day of the simulation: the order of its parts."""

from __future__ import annotations

import numpy as np

from demo import (
    care,
    comments,
    contacts,
    contracts,
    episodes,
    experiments,
    improvements,
    journey,
    mentions,
    orders,
    people,
    points,
    retention,
    sampling,
    staff,
    surveys,
    talk,
    tickets,
    usage,
)
from demo.day import Day
from demo.effects import CAUSES

_TROUBLE = {
    "delivery": comments.DELIVERY,
    "outage": comments.OUTAGE,
    "wave": comments.OUTAGE,
    "price": comments.PRICE,
    "overcharged": comments.PRICE,
}


def simulate(today: Day) -> None:
    """Everything that happens on one day, in the order in which it happens."""
    if today.number < 0:
        staff.hire(today)
        people.arrive(today)
        contracts.sign(today)
        return
    for name in ("mood", *(f"mood_{cause}" for cause in CAUSES)):
        mood = today.state.people[name]
        mood *= np.float32(0.5 ** (1 / today.effects.half_life_days))
    episodes.record(today)
    staff.manage(today)
    people.arrive(today)
    journey.begin(today, contracts.sign(today))
    contracts.renew_and_reprice(today)
    usage.use_product(today)
    delivered = orders.deliver(today)
    orders.order(today)
    points.spend(today)
    points.expire(today)
    care.visit(today)
    talk.overcharge(today)
    _remember_trouble(today)
    tickets.open_tickets(today)
    solved = tickets.work_on_tickets(today)
    contacts.contact(today)
    journey.walk(today)
    experiments.assign(today)
    retention.retain(today)
    improvements.tell(today)
    contracts.decide_to_leave(today, experiments.leaving_log_hazard(today))
    contracts.leave(today)
    sampling.invite(today)
    surveys.respond(today)
    sampling.plan_invitations(today, delivered, solved)
    mentions.mention(today)
    people.change_records(today)
    staff.ask_staff(today)


def _remember_trouble(today: Day) -> None:
    for who, reason in today.reasons:
        today.state.people["trouble"][who] = _TROUBLE[reason]
        today.state.people["trouble_day"][who] = today.number
