"""Contacts outside tickets: customers call, chat or come by."""

from __future__ import annotations

import numpy as np

from demo import names
from demo.clock import DAY
from demo.day import Day, constant
from demo.staff import agents_for, employee_ids

_CHANNELS = np.array(["phone", "chat", "store", "email", "app"], dtype=object)
_TOUCHPOINTS = np.array(["billing", "onboarding", "support", "delivery", "renewal"], dtype=object)
_ONBOARDING, _SUPPORT = 1, 2
_NOTES = np.array(
    [
        [
            "asked about the bill",
            "asked how to set up",
            "reported a problem",
            "asked for the parcel",
            "asked about the contract",
        ],
        ["咨询账单", "咨询如何设置", "反映问题", "查询包裹", "咨询合同"],
    ],
    dtype=object,
)
_PROMISED_WAIT_SECONDS = 180


def contact(day: Day) -> None:
    """Customers call, chat or come by. A broken waiting promise and the employee change their satisfaction."""
    people, random = day.state.people, day.random("contacts")
    rate = 0.0035 + 0.002 * ((day.number - people["trouble_day"]) < 7)
    who = np.flatnonzero((random.random(day.state.size) < rate) & ~people["merged"])
    count = who.size
    agent = agents_for(day, random.integers(0, 4, count), random)
    wait = np.exp(random.normal(4.6, 0.9, count)).astype(np.int64)
    too_long = wait > _PROMISED_WAIT_SECONDS
    effects = day.effects
    waited = effects.wait_longer_than_promised * too_long
    served = 0.5 * effects.good_agent_per_sd * day.state.staff["quality"][agent]
    day.move(who, waited + served, {"wait": waited, "person": served})
    channel = random.choice(5, count, p=[0.45, 0.2, 0.15, 0.12, 0.08])
    touchpoint = random.choice(5, count, p=[0.3, 0.1, 0.3, 0.2, 0.1])
    is_old = day.begin - people["created"][who] > 60 * DAY
    touchpoint = np.where((touchpoint == _ONBOARDING) & is_old, _SUPPORT, touchpoint)
    late = random.random(count) < day.plan.defect_rate * 0.5
    recorded = day.moments(random, count, 8, 21)
    ids = names.numbered("K", day.state.number("contact", count), 9)
    day.defect("contacts", "late", ids[late].tolist(), "recorded days after the contact")
    day.write(
        "contacts",
        contact_no=ids,
        account_no=day.accounts(who),
        occurred_at=day.times(recorded - np.where(late, random.integers(2, 6, count) * DAY, 300)),
        channel=_CHANNELS[channel],
        touchpoint=_TOUCHPOINTS[touchpoint],
        direction=constant("inbound", count),
        employee_id=employee_ids(agent),
        duration_seconds=np.exp(random.normal(5.6, 0.7, count)).astype(np.int64),
        wait_seconds=wait,
        promised_wait_seconds=np.full(count, _PROMISED_WAIT_SECONDS),
        text=_NOTES[people["language"][who], touchpoint],
        recorded_at=day.times(recorded),
    )
