"""Loyalty tiers and expiring points, recomputed with loops and a queue over the landed rows."""

from __future__ import annotations

from collections import deque
from datetime import date, timedelta
from math import floor

import duckdb

from tests.dbt_project.value.company import NIGHT, Company, Row, seed, thresholds
from tests.dbt_project.value.test_lifecycle import customers, key_of, month

TIERS = sorted(seed("loyalty/loyalty_tier_rules.csv"), key=lambda tier: tier["tier_rank"])
RULES = thresholds("loyalty")


def fees(company: Company, customer: str, begin: date, end: date) -> float:
    """Daily price of a contract, from the version valid on each day."""
    versions: dict[str, list[Row]] = {}
    for row in company.rows["crm.subscriptions"]:
        if row["customer_id"] == customer:
            versions.setdefault(row["subscription_id"], []).append(row)
    total = 0.0
    for rows in versions.values():
        gone = rows[-1].get("cancelled_at")
        for row, following in zip(rows, [*rows[1:], None], strict=True):
            last = min(
                date.max if following is None else following["updated_at"].date(), gone.date() if gone else date.max
            )
            days = (min(last, end) - max(row["updated_at"].date(), begin)).days
            total += row["monthly_price_cents"] * 12 / 365 * max(days, 0)
    return total


def spend(company: Company, customer: str, graded_on: date) -> float:
    begin = date(graded_on.year - 1, graded_on.month, graded_on.day)
    orders = [row for row in company.rows["crm.orders"] if row["customer_id"] == customer]
    bought = sum(row["amount_cents"] for row in orders if begin <= row["ordered_at"].date() < min(graded_on, NIGHT))
    return max(floor(bought + fees(company, customer, begin, graded_on) + 0.5), 0)


def tier_of(amount: float) -> Row:
    return next(tier for tier in reversed(TIERS) if amount >= tier["spend_from_cents"])


def with_spend(company: Company) -> list[str]:
    spenders = {row["customer_id"] for table in ("crm.orders", "crm.subscriptions") for row in company.rows[table]}
    return [customer for customer in customers(company) if customer in spenders]


def test_tiers_follow_from_the_spend_before_the_first_of_the_month(
    warehouse: duckdb.DuckDBPyConnection, company: Company
) -> None:
    found = warehouse.execute(
        "select customer_key, tier_code, previous_tier_code, graded_spend_cents, spend_cents_12m "
        "from marts.loyalty_tiers"
    ).fetchall()
    expected = set()
    for customer in with_spend(company):
        graded = spend(company, customer, month(NIGHT))
        previous = tier_of(spend(company, customer, month(NIGHT, -1)))["tier_code"]
        tonight = spend(company, customer, NIGHT)
        expected.add((key_of(customer), tier_of(graded)["tier_code"], previous, graded, tonight))
    assert set(found) == expected
    assert len({row[1] for row in found}) >= 3


def test_nudges_have_the_missing_amount_and_warnings_the_date_of_the_downgrade(
    warehouse: duckdb.DuckDBPyConnection, company: Company
) -> None:
    found = warehouse.execute(
        "select customer_key, upgrade_missing_cents, is_upgrade_nudge, downgrade_on, keep_missing_cents "
        "from marts.loyalty_tiers"
    ).fetchall()
    expected = set()
    for customer in with_spend(company):
        tier = tier_of(spend(company, customer, month(NIGHT)))
        top = tier["spend_to_cents"]
        coming = [(month(NIGHT, ahead), spend(company, customer, month(NIGHT, ahead))) for ahead in (1, 2, 3)]
        missing = None if top is None else max(top - coming[0][1], 0)
        nudged = bool(missing) and missing <= top * RULES["upgrade_nudge_share"]
        falls = [
            (day, tier["spend_from_cents"] - amount) for day, amount in coming if amount < tier["spend_from_cents"]
        ]
        expected.add((key_of(customer), missing, nudged, *(falls[0] if falls else (None, None))))
    assert set(found) == expected
    assert {row[2] for row in found} == {True, False}
    assert any(row[3] for row in found)


def left_by_day(company: Company, customer: str) -> dict[date, int]:
    """Remaining points by expiry day; deductions are taken from the front of the queue."""
    entries = [row for row in company.rows["crm.loyalty_ledger"] if row["customer_id"] == customer]
    entries.sort(key=lambda row: (row["entry_at"], row["entry_id"]))
    queue = deque([row["points"], row["expires_at"].date()] for row in entries if row["points"] > 0)
    burned = -sum(row["points"] for row in entries if row["points"] < 0)
    while queue and burned >= queue[0][0]:
        burned -= queue.popleft()[0]
    if queue:
        queue[0][0] -= burned
    left: dict[date, int] = {}
    for points, day in queue:
        left[day] = left.get(day, 0) + points
    return left


def test_points_at_stake_are_those_left_in_the_queue(warehouse: duckdb.DuckDBPyConnection, company: Company) -> None:
    reminders = sorted(int(line["days_ahead"]) for line in seed("loyalty/points_reminders.csv"))
    may_write = {row["customer_id"]: row["is_contactable"] for row in company.rows["crm.customers"]}
    expected = set()
    for customer in customers(company):
        left = left_by_day(company, customer)
        for day, points in left.items():
            days = (day - NIGHT).days
            if points and NIGHT <= day <= NIGHT + timedelta(reminders[-1]):
                reached = next(reminder for reminder in reminders if reminder >= days)
                due = reached == days and may_write[customer]
                worth = points * RULES["point_value_cents"]
                expected.add((key_of(customer), day, points, worth, sum(left.values()), reached, due))
    found = warehouse.execute(
        "select customer_key, expires_on, points_at_stake, value_at_stake_cents, points_balance, reminder_days, "
        "is_reminder_due from marts.points_expiry"
    ).fetchall()
    assert set(found) == expected
    assert len(found) > 5
