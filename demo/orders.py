"""Orders: placed depending on satisfaction, delivered on time or late, sometimes returned, rewarded with points."""

from __future__ import annotations

import numpy as np

from demo import names
from demo.clock import DAY, HOUR, NEVER
from demo.day import Day, constant
from demo.experiments import order_rate_factor
from demo.people import SMALL_BUSINESS
from demo.points import earn
from demo.typing import Array, Columns, Texts

CATEGORIES = np.array(["handsets", "accessories", "home", "wearables", "gaming", "services"], dtype=object)
CHANNELS = np.array(["web", "app", "store", "phone"], dtype=object)
PRODUCTS = 60
_NUMBERS = np.arange(PRODUCTS)
PRODUCT_PRICES = (
    np.array([18_900, 2_400, 6_900, 12_900, 4_900, 1_900])[_NUMBERS % 6] * (0.6 + (_NUMBERS * 37 % 100) / 110)
).astype(int)
_LAPSE_HAZARD = 0.008 / 30


def order(day: Day) -> None:
    """Place today's orders."""
    people, random = day.state.people, day.random("orders")
    everyone = np.arange(day.state.size)
    satisfaction = day.satisfaction(everyone)
    lapse = _LAPSE_HAZARD * np.exp(-0.9 * satisfaction)
    drawn = random.random(everyone.size)
    lapsing = people["is_buyer"] & (drawn < lapse)
    returning = ~people["is_buyer"] & (drawn > 1 - day.effects.coming_back_of_lapsed_per_day)
    people["lapsed_day"][lapsing] = day.number
    tell_buyers(day, np.flatnonzero(lapsing), "lapsed")
    tell_buyers(day, np.flatnonzero(returning), "came_back")
    people["is_buyer"] = (people["is_buyer"] & ~lapsing) | returning
    season = 1 + 0.25 * np.sin(2 * np.pi * (day.number % 365) / 365) + 0.15 * (day.number % 7 >= 5)
    rate = people["order_rate"] * np.exp(day.effects.spending_log_rate_per_satisfaction * satisfaction) * season
    rate = rate * order_rate_factor(day)
    wants = (random.random(everyone.size) < rate) & people["is_buyer"] & ~people["merged"]
    who = np.flatnonzero(wants)
    late = random.random(who.size) < day.plan.defect_rate * 0.3
    placed = day.moments(random, who.size) - np.where(late, random.integers(2, 5, who.size), 0) * DAY
    order_no = day.state.number("order", who.size)
    lines = 1 + random.binomial(2, 0.25, who.size)
    rows = _lines(random, who, order_no, placed, lines, _late_share(day, who))
    written = np.where(np.repeat(late, lines), day.moments(random, int(lines.sum())), rows["ordered"])
    keys = [f"{o}|{n}" for o, n in zip(order_ids(rows["order"]).tolist(), rows["line"].tolist(), strict=True)]
    day.defect(
        "order_lines",
        "late",
        [key for key, is_late in zip(keys, np.repeat(late, lines).tolist(), strict=True) if is_late],
    )
    _write(day, rows, "placed", written)
    day.state.later("deliveries", rows)


def tell_buyers(day: Day, who: Array, what: str) -> None:
    """Write to the truth file who stopped buying or started again."""
    day.tell("buyers", [day.accounts(who).tolist(), [day.clock.day_text(day.number)] * who.size, [what] * who.size])


def _late_share(day: Day, who: Array) -> Array:
    """The promise made to small businesses is broken far more often."""
    effects = day.effects
    is_small_business = day.state.people["segment"][who] == SMALL_BUSINESS
    return np.where(is_small_business, effects.late_delivery_share_small_business, effects.late_delivery_share)


def _lines(
    random: np.random.Generator, who: Array, order_no: Array, placed: Array, lines: Array, late_share: Array
) -> Columns:
    """One row per order line, with the order's future dates."""
    handling = random.gamma(2.0, 10, who.size) * HOUR
    promised_days = random.choice([2, 3, 5], who.size, p=[0.35, 0.45, 0.2])
    promised = (placed // DAY + promised_days) * DAY + 20 * HOUR
    trouble = random.random(who.size) < late_share
    slip = np.where(trouble, np.ceil(random.gamma(1.5, 2.2, who.size)), -random.integers(0, 2, who.size))
    delivered_day = np.maximum(promised // DAY + slip.astype(np.int64), placed // DAY + 1)
    delivered = delivered_day * DAY + random.integers(8 * HOUR, 20 * HOUR, who.size)
    shipped = np.minimum(placed + handling.astype(np.int64), delivered - 6 * HOUR)
    channel = random.choice(4, who.size, p=[0.45, 0.3, 0.15, 0.1])
    per_order = {
        "due": delivered_day,
        "order": order_no,
        "who": who,
        "ordered": placed,
        "shipped": np.maximum(shipped, placed + HOUR),
        "promised": promised,
        "delivered": delivered,
        "channel": channel,
    }
    rows = {name: np.repeat(column, lines) for name, column in per_order.items()}
    total = int(lines.sum())
    rows["line"] = np.arange(total) - np.repeat(np.cumsum(lines) - lines, lines) + 1
    rows["product"] = random.integers(0, PRODUCTS, total)
    rows["quantity"] = 1 + (random.random(total) < 0.15)
    return rows


def deliver(day: Day) -> Columns:
    """Deliver orders that are due; returns one row per order: customer, order, days late, delivery time."""
    rows = day.state.take_due("deliveries", day.number)
    rows["delivered"] = np.maximum(rows["delivered"], day.begin + 8 * HOUR)
    _write(day, rows, "delivered", rows["delivered"])
    first = rows["line"] == 1
    orders = {name: column[first] for name, column in rows.items()}
    days_late = np.maximum(orders["delivered"] // DAY - orders["promised"] // DAY, 0)
    effects = day.effects
    effect = np.where(
        days_late > 0,
        effects.late_delivery + effects.late_delivery_per_day * np.minimum(days_late, 6),
        effects.on_time_delivery,
    )
    day.move(orders["who"], effect, "delivery")
    day.reasons.append((orders["who"][days_late > 0], "delivery"))
    _send_back(day, rows)
    earn(day, orders, _values(rows, orders), order_ids(orders["order"]))
    return orders | {"days_late": days_late, "effect": effect}


def _send_back(day: Day, rows: Columns) -> None:
    """Return a few lines at once: a refund is a separate line with a negative amount."""
    random = day.random("returns")
    late = rows["delivered"] > rows["promised"]
    back = random.random(late.size) < 0.03 + 0.04 * late
    refund = {name: column[back] for name, column in rows.items()}
    refund["line"] = refund["line"] + 10
    refund["quantity"] = -refund["quantity"]
    moment = np.minimum(refund["delivered"] + HOUR, day.end - 1)
    _write(day, refund, "refunded", moment)


def _values(rows: Columns, orders: Columns) -> Array:
    """Cents of each order."""
    value = PRODUCT_PRICES[rows["product"]] * rows["quantity"]
    group = np.cumsum(rows["line"] == 1) - 1
    return np.bincount(group, weights=value, minlength=orders["who"].size)


def order_ids(order_no: Array) -> Texts:
    """Order numbers."""
    return names.numbered("O", order_no, 9)


def _write(day: Day, rows: Columns, status: str, updated: Array) -> None:
    """Write a version of order lines; shipping and delivery are unknown while an order is only placed."""
    price, quantity = PRODUCT_PRICES[rows["product"]], rows["quantity"].astype(np.int64)
    unknown = np.full(price.size, NEVER)
    placed = status == "placed"
    day.write(
        "order_lines",
        order_id=order_ids(rows["order"]),
        line_id=np.array([str(line) for line in rows["line"].tolist()], dtype=object),
        account_no=day.accounts(rows["who"]),
        ordered_at=day.times(rows["ordered"]),
        product_id=names.numbered("SKU", rows["product"], 3),
        category=CATEGORIES[rows["product"] % CATEGORIES.size],
        channel=CHANNELS[rows["channel"]],
        quantity=quantity,
        unit_price_cents=price,
        amount_cents=price * quantity,
        cost_cents=(price * 0.62).astype(np.int64) * quantity,
        currency=constant("EUR", price.size),
        status=constant(status, price.size),
        shipped_at=day.times(unknown if placed else rows["shipped"]),
        promised_at=day.times(rows["promised"]),
        delivered_at=day.times(unknown if placed else rows["delivered"]),
        updated_at=day.times(updated),
    )
