"""Planned care: yearly visits to VIPs, quarterly interviews of business customers, birthday greetings; some missed."""

from __future__ import annotations

import numpy as np

from demo import names
from demo.contracts import ACTIVE
from demo.day import Day, constant
from demo.people import owner_ids
from demo.typing import Array

KEPT_SHARE = 0.75
_BUSINESS = 3
_CHANNELS = {"vip_visit": "field_service", "interview": "phone", "birthday": "email"}
_TEXTS = {
    "vip_visit": ("yearly visit: went through the contract and open wishes", "年度拜访:沟通合同与诉求"),
    "birthday": ("birthday greeting", "生日祝福"),
    "interview": ("quarterly interview about the service", "季度深度访谈"),
}


def visit(day: Day) -> None:
    """Write today's visits, interviews and greetings."""
    people, random = day.state.people, day.random("care")
    active = people["contract"] == ACTIVE
    vips = np.flatnonzero(people["is_vip"] & active)
    businesses = np.flatnonzero((people["segment"] == _BUSINESS) & active)
    _write(day, random, "vip_visit", vips[(vips * 7 + day.number) % 365 == 0])
    _write(day, random, "interview", businesses[(businesses * 7 + day.number) % 91 == 0])
    born_today = np.flatnonzero(people["birthday"] == day.date.month * 100 + day.date.day)
    _write(day, random, "birthday", born_today[people["is_contactable"][born_today] & active[born_today]])


def _write(day: Day, random: np.random.Generator, touchpoint: str, who: Array) -> None:
    who = who[random.random(who.size) < KEPT_SHARE]
    people, count = day.state.people, who.size
    day.move(who, day.effects.planned_care)
    moment = day.moments(random, count, 9, 17)
    texts = np.array(_TEXTS[touchpoint], dtype=object)
    day.write(
        "contacts",
        contact_no=names.numbered("K", day.state.number("contact", count), 9),
        account_no=day.accounts(who),
        occurred_at=day.times(moment),
        channel=constant(_CHANNELS[touchpoint], count),
        touchpoint=constant(touchpoint, count),
        direction=constant("outbound", count),
        employee_id=owner_ids(day, people["owner"][who]),
        duration_seconds=np.exp(random.normal(7.2, 0.4, count)).astype(np.int64),
        text=texts[people["language"][who]],
        recorded_at=day.times(moment + 300),
    )
