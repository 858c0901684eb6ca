"""Contracts: signed, repriced, renewed, and cancelled depending on satisfaction, price and rivals."""

from __future__ import annotations

import numpy as np

from demo import episodes, names
from demo.cancel_reasons import CAUSES, stated_reasons, true_causes
from demo.clock import DAY, NEVER
from demo.day import Day, constant
from demo.typing import Array, Texts

PLANS = np.array(["basic", "standard", "plus", "premium"], dtype=object)
PRODUCTS = np.array(["mobile", "broadband", "broadband", "bundle"], dtype=object)
PRICES = np.array([1_490, 2_490, 3_990, 5_990])
TERMS = np.array([1, 12, 24])
ACTIVE, CANCELLED = 1, 2
MONTH = 30
#: Decisions to leave a day at satisfaction 0, before all other influences.
_BASE_HAZARD = 0.0078 / 30
_TERM_LOG_HAZARD = np.array([1.0, 0.0, -0.6])
#: Log hazard by payment method and by segment, which the company can see in its data.
_PAYMENT_LOG_HAZARD = np.array([0.0, -0.45, 0.65, 0.2])
_SEGMENT_LOG_HAZARD = np.array([0.3, 0.0, -0.1, -0.5])


def sign(day: Day) -> Array:
    """Contracts of new customers, and of some who had none; returns who signed."""
    people = day.state.people
    new = np.flatnonzero((people["contract"] == ACTIVE) & (people["contract_no"] < 0))
    if day.number >= 0:
        drawn = day.random("signing").random(day.state.size)
        without = (people["contract"] != ACTIVE) & ~people["merged"] & (people["person"] == np.arange(day.state.size))
        new = np.union1d(new, np.flatnonzero(without & (drawn < 0.00035)))
    if not new.size:
        return new
    random = day.random("contracts")
    people["contract"][new] = ACTIVE
    people["contract_no"][new] = day.state.number("contract", new.size)
    people["plan"][new] = random.choice(4, new.size, p=[0.3, 0.35, 0.22, 0.13])
    people["term"][new] = random.choice(TERMS, new.size, p=[0.4, 0.35, 0.25])
    discount = 1 - 0.2 * random.random(new.size)
    people["price"][new] = (PRICES[people["plan"][new]] * discount).astype(np.int64)
    people["leave_day"][new] = people["decided_day"][new] = -1
    created = people["created"][new]
    people["started"][new] = (
        created + random.integers(600, 7_200, new.size) if day.number < 0 else day.moments(random, new.size)
    )
    people["ends"][new] = _next_end(day, new)
    write_contracts(day, new, people["started"][new])
    return new


def _next_end(day: Day, who: Array) -> Array:
    """End of the term that runs today; NEVER for contracts without a term."""
    started, term = day.state.people["started"][who], day.state.people["term"][who].astype(np.int64)
    length = np.maximum(term, 1) * MONTH * DAY
    terms = np.maximum(-((started - max(day.begin, 0)) // length), 1)
    return np.where(term > 1, started + terms * length, NEVER)


def renew_and_reprice(day: Day) -> None:
    """Prolong terms that end. At the end of a term, or of a year without one, half of the prices rise."""
    people, random = day.state.people, day.random("renewals")
    active = people["contract"] == ACTIVE
    ending = active & (people["ends"] >= day.begin) & (people["ends"] < day.end)
    age = day.number - people["started"] // DAY
    yearly = active & (people["term"] == 1) & (age > 0) & (age % 365 == 0)
    rising = active & (people["plan"] == _dearer_plan(day))
    touched = np.flatnonzero(ending | yearly | rising)
    if not touched.size:
        return
    renewed = touched[(people["term"][touched] > 1) & ending[touched]]
    people["ends"][renewed] += people["term"][renewed].astype(np.int64) * MONTH * DAY
    percent = np.where(random.random(touched.size) < 0.55, random.uniform(3, 15, touched.size), 0.0)
    percent = np.where(rising[touched], episodes.PRICE_RISE.size, percent)
    raised = percent > 0
    people["price"][touched] = np.rint(people["price"][touched] * (1 + percent / 100))
    day.move(touched, day.effects.price_rise_per_percent * percent, "price_rise")
    upset = (percent > 8) | (rising[touched] & (random.random(touched.size) < 0.2))
    day.reasons.append((touched[upset], "price"))
    written = touched[raised | (people["term"][touched] > 1)]
    write_contracts(day, written, day.moments(random, written.size, 1, 5))


def _dearer_plan(day: Day) -> int:
    """Index of the plan whose price rises today for all its customers; -1 on most days."""
    plan = episodes.where(day, episodes.PRICE_RISE)
    return PLANS.tolist().index(plan) if plan else -1


def decide_to_leave(day: Day, also: Array) -> None:
    """Some customers decide to leave. They leave some weeks later and use the product less until then.

    `also` is what else adds to each customer's log hazard.
    """
    people = day.state.people
    staying = np.flatnonzero((people["contract"] == ACTIVE) & (people["leave_day"] < 0))
    satisfaction = day.satisfaction(staying)
    started, ends, term = people["started"][staying], people["ends"][staying], people["term"][staying]
    years = np.clip((day.begin - started) / (365 * DAY), 0, 5)
    near_end = (ends != NEVER) & (ends - day.begin < 45 * DAY)
    campaign = _rival_campaign(day)[people["region"][staying]]
    log_hazard = np.log(_BASE_HAZARD) + day.effects.leaving_log_hazard_per_satisfaction * satisfaction
    log_hazard += _TERM_LOG_HAZARD[np.searchsorted(TERMS, term)] + 0.9 * near_end - 0.22 * years + 0.5 * campaign
    log_hazard += _PAYMENT_LOG_HAZARD[people["payment"][staying]] + _SEGMENT_LOG_HAZARD[people["segment"][staying]]
    log_hazard += also[staying]
    random = day.random("leaving")
    chosen = random.random(staying.size) < np.exp(np.minimum(log_hazard, -2))
    leaving = staying[chosen]
    if not leaving.size:
        return
    notice = 15 + random.gamma(2.0, 20, leaving.size)
    people["decided_day"][leaving] = day.number
    people["leave_day"][leaving] = day.number + notice.astype(np.int64)
    people["leave_reason"][leaving] = true_causes(random, satisfaction[chosen], campaign[chosen])
    average = float(satisfaction.mean())
    causes = CAUSES[people["leave_reason"][leaving]]
    told = zip(day.accounts(leaving).tolist(), satisfaction[chosen].tolist(), causes.tolist(), strict=True)
    date = day.clock.day_text(day.number)
    day.truths["leaving"] = [(account, date, f"{feeling:.3f}", f"{average:.3f}", why) for account, feeling, why in told]


def _rival_campaign(day: Day) -> Array:
    """Regions in which a rival advertises: two at a time, changing every month."""
    random = np.random.Generator(np.random.Philox([day.plan.seed, day.number // MONTH]))
    return np.isin(np.arange(8), random.choice(8, 2, replace=False))


def leave(day: Day) -> None:
    """Apply cancellations decided earlier that take effect today."""
    people = day.state.people
    leaving = np.flatnonzero((people["leave_day"] == day.number) & (people["contract"] == ACTIVE))
    moment = day.moments(day.random("cancelling"), leaving.size)
    people["contract"][leaving] = CANCELLED
    write_contracts(day, leaving, moment, cancelled=moment)


def write_contracts(day: Day, who: Array, updated: Array, cancelled: Array | None = None) -> None:
    """Write the present version of contracts; `cancelled` are the times at which they end."""
    people = day.state.people
    plan, term = people["plan"][who], people["term"][who]
    gone = np.full(who.size, NEVER) if cancelled is None else cancelled
    known = gone != NEVER
    reason: Texts = np.full(who.size, None, dtype=object)
    if known.any():
        reason[known] = stated_reasons(
            day.random("stated reasons"), people["leave_reason"][who[known]], people["language"][who[known]]
        )
    day.write(
        "contracts",
        contract_no=names.numbered("C", people["contract_no"][who], 7),
        account_no=day.accounts(who),
        plan=PLANS[plan],
        product=PRODUCTS[plan],
        started_at=day.times(people["started"][who]),
        ends_at=day.times(people["ends"][who]),
        cancelled_at=day.times(gone),
        cancel_reason=reason,
        monthly_price_cents=people["price"][who],
        currency=constant("EUR", who.size),
        term_months=term,
        updated_at=day.times(updated),
    )
