"""Customers: their traits, how they arrive, and changes of their records."""

from __future__ import annotations

import numpy as np

from demo import names
from demo.clock import DAY
from demo.contracts import PLANS
from demo.day import Day, nullable
from demo.identities import OFFICE, emails_of, merge_accounts, phones_of, share_identities
from demo.typing import Array, Columns

COUNTRIES = np.array(["US", "GB", "DE", "CN"], dtype=object)
REGIONS = np.array(["north", "south", "east", "west", "centre", "coast", "hills", "islands"], dtype=object)
SEGMENTS = np.array(["consumer", "family", "small_business", "business"], dtype=object)
#: Index of the segment whose deliveries are late far more often than promised.
SMALL_BUSINESS = 2
LANGUAGES = np.array(["en", "zh"], dtype=object)
ACQUISITION = np.array(["web", "store", "partner", "referral", "field_sales"], dtype=object)
PAYMENT = np.array(["card", "direct_debit", "invoice", "wallet"], dtype=object)
#: New customers a month, as a share of those on the first day.
ARRIVING_SHARE = 0.012
SHARE_WITH_CONTRACT = 0.72


def arrive(day: Day) -> None:
    """Create the initial customers on day -1, and each day's new customers after that."""
    daily = day.plan.customers * ARRIVING_SHARE / 30
    is_past = day.number < 0
    count = day.plan.customers if is_past else int((day.number + 1) * daily) - int(day.number * daily)
    if not count:
        return
    who = day.state.arrive(count, _traits(day, count))
    share_identities(day, who)
    _rewrite_changed(day)
    write_accounts(day, who, day.state.people["created"][who])


def _traits(day: Day, count: int) -> Columns:
    random = day.random("people")
    if day.number < 0:
        created = -(random.gamma(1.6, 500, count).clip(1, 4_000) * DAY).astype(np.int64)
    else:
        created = day.moments(random, count)
    index = np.arange(day.state.size, day.state.size + count)
    birth = -(random.integers(19 * 365, 75 * 365, count))
    chinese = {"en": 0.0, "zh": 1.0}.get(day.plan.language, 0.45)
    segment = random.choice(4, count, p=[0.5, 0.25, 0.17, 0.08])
    return {
        "created": created,
        "person": index,
        "mailbox": index,
        "phone_of": index,
        "region": random.integers(0, REGIONS.size, count),
        "segment": segment,
        "language": random.random(count) < chinese,
        "is_vip": random.random(count) < np.array([0.03, 0.04, 0.06, 0.2])[segment],
        "is_contactable": random.random(count) < 0.9,
        "acquisition": random.choice(5, count, p=[0.4, 0.2, 0.15, 0.15, 0.1]),
        "owner": random.integers(0, 2**31 - 1, count),
        "birth": birth,
        "birthday": day.clock.month_days(birth),
        "payment": random.choice(4, count, p=[0.4, 0.35, 0.1, 0.15]),
        "baseline": random.normal(0.0, day.effects.baseline_sd, count),
        "order_rate": np.exp(random.normal(-5.4, 0.9, count)),
        "usage": np.exp(random.normal(3.0, 0.6, count)),
        "contract": np.where(random.random(count) < SHARE_WITH_CONTRACT, 1, 0),
    }


def change_records(day: Day) -> None:
    """New addresses, opt-outs, VIP status and merges, each a new version of the account."""
    people, random = day.state.people, day.random("records")
    drawn = random.random(day.state.size)
    alive = ~people["merged"]
    moved = np.flatnonzero(alive & (people["mailbox"] != OFFICE) & (drawn < day.plan.defect_rate * 0.02))
    people["email_version"][moved] += 1
    day.defect(
        "accounts", "changed_email", day.accounts(moved).tolist(), "the address changed; older records have the old one"
    )
    opted_out = np.flatnonzero(alive & people["is_contactable"] & (drawn > 1 - 0.00006))
    people["is_contactable"][opted_out] = False
    promoted = np.flatnonzero(alive & ~people["is_vip"] & (people["points"] > 2_500) & (drawn > 0.5) & (drawn < 0.503))
    people["is_vip"][promoted] = True
    merged = merge_accounts(day, random)
    changed = np.unique(np.concatenate([moved, opted_out, promoted, merged]))
    write_accounts(day, changed, day.moments(random, changed.size))


def _rewrite_changed(day: Day) -> None:
    """Accounts that lost their number to an arrival get a new version before it."""
    changed = np.flatnonzero(day.state.people["changed_at"] >= max(day.begin, 0))
    write_accounts(day, changed, day.state.people["changed_at"][changed])


def write_accounts(day: Day, who: Array, updated: Array) -> None:
    """Write the present version of accounts."""
    for start in range(0, who.size, 100_000):
        _write_version(day, who[start : start + 100_000], updated[start : start + 100_000])


def _write_version(day: Day, who: Array, updated: Array) -> None:
    people = {name: column[who] for name, column in day.state.people.items()}
    person = people["person"]
    chained = (people["mailbox"] == who) & (person != who)
    day.write(
        "accounts",
        account_no=day.accounts(who),
        full_name=names.full_names(person, people["language"]),
        e_mail=emails_of(day, who, people["email_version"]),
        phone_no=phones_of(day, who, notation=1),
        social_handle=nullable(names.handles(person), names.has_handle(person) & ~chained),
        external_id=nullable(names.numbered("X", person, 7), (person % 5 == 0) & ~chained),
        merged_into_id=nullable(day.accounts(np.maximum(people["merged_into"], 0)), people["merged"]),
        country=COUNTRIES[np.where(people["language"] == 1, 3, who % 3)],
        region=REGIONS[people["region"]],
        segment=SEGMENTS[people["segment"]],
        language=LANGUAGES[people["language"]],
        birth_date=day.clock.dates(people["birth"]),
        is_vip=people["is_vip"],
        is_contactable=people["is_contactable"],
        acquisition_channel=ACQUISITION[people["acquisition"]],
        owner_id=owner_ids(day, people["owner"]),
        tariff=nullable(PLANS[people["plan"]], people["contract"] == 1),
        payment_method=PAYMENT[people["payment"]],
        created_at=day.times(people["created"]),
        updated_at=day.times(updated),
    )


def owner_ids(day: Day, owner: Array) -> Array:
    """Employee numbers of the account managers who own accounts."""
    managers = np.flatnonzero(day.state.staff["role"] == 1)
    return names.numbered("S", managers[owner % managers.size], 5)
