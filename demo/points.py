"""Loyalty points: earned with orders, burned now and then, and lost a year after they were earned, oldest first."""

from __future__ import annotations

import numpy as np

from demo import names
from demo.clock import DAY, NEVER
from demo.day import Day, constant
from demo.typing import Array, Columns, Texts

LAST_DAYS = 365


def earn(day: Day, orders: Columns, values: Array, order_ids: Texts) -> None:
    """One point a euro of each delivered order; `values` are cents."""
    people, who = day.state.people, orders["who"]
    points = (values // 100).astype(np.int64)
    np.add.at(people["points"], who, points)
    np.add.at(people["points_earned"], who, points)
    expires = orders["delivered"] + LAST_DAYS * DAY
    _write(day, who, orders["delivered"], "earn", points, expires, order_ids)
    day.state.later("lots", {"due": expires // DAY, "who": who, "upto": people["points_earned"][who]})


def spend(day: Day) -> None:
    """Customers with many points redeem most of them from time to time."""
    random, balance = day.random("points"), day.state.people["points"]
    who = np.flatnonzero((balance > 300) & (random.random(balance.size) < 0.004))
    _take(day, who, (balance[who] * 0.8).astype(np.int64), "burn", day.moments(random, who.size))


def expire(day: Day) -> None:
    """Expire what is left of the points earned a year ago; redemptions took the oldest first."""
    people, lots = day.state.people, day.state.take_due("lots", day.number)
    who, group = np.unique(lots["who"], return_inverse=True)
    upto = np.zeros(who.size, dtype=np.int64)
    np.maximum.at(upto, group, lots["upto"])
    gone = people["points_earned"][who] - people["points"][who]
    left = np.maximum(upto - gone, 0)
    losing = left > 0
    _take(day, who[losing], left[losing], "expire", np.full(int(losing.sum()), day.end - 1))


def _take(day: Day, who: Array, points: Array, kind: str, moment: Array) -> None:
    day.state.people["points"][who] -= points.astype(np.int32)
    unknown = np.full(who.size, None, dtype=object)
    _write(day, who, moment, kind, -points, np.full(who.size, NEVER), unknown)


def _write(day: Day, who: Array, moment: Array, kind: str, points: Array, expires: Array, order_ids: Texts) -> None:
    day.write(
        "points_ledger",
        entry_id=names.numbered("P", day.state.number("entry", who.size), 9),
        account_no=day.accounts(who),
        entry_at=day.times(moment),
        entry_type=constant(kind, who.size),
        points=points,
        expires_at=day.times(expires),
        order_id=order_ids,
    )
