"""Identities: second accounts, chains of accounts, shared and re-used addresses, right and wrong merges."""

from __future__ import annotations

import numpy as np

from demo import names
from demo.clock import HOUR
from demo.contracts import ACTIVE
from demo.day import Day
from demo.typing import Array, Texts

#: In `mailbox`: the office address that several customers share. In `phone_of`: no number.
OFFICE = NO_PHONE = -1
_WRONG_MERGE_FACTOR = 4e-4


def emails_of(day: Day, who: Array, version: Array) -> Texts:
    """The e-mail address of each account, in its version at the time."""
    mailbox = day.state.people["mailbox"][who]
    written = names.emails(mailbox, version)
    written[mailbox == OFFICE] = names.OFFICE_MAILBOX
    return written


def has_phone(day: Day, who: Array) -> Array:
    """Whether the company knows a number of each account."""
    number = day.state.people["phone_of"][who]
    known: Array = (number != NO_PHONE) & names.has_phone(number)
    return known


def phones_of(day: Day, who: Array, notation: int) -> Texts:
    """The number of each account in one of three notations, `None` where there is none."""
    people = day.state.people
    written = names.phones(people["phone_of"][who], people["switchboard"][who], notation)
    written[(people["phone_of"][who] == NO_PHONE) & ~people["switchboard"][who]] = None
    return written


def share_identities(day: Day, who: Array) -> None:
    """Plant second accounts, chains and shared addresses among new accounts."""
    people, rate = day.state.people, day.plan.defect_rate
    if not rate:
        return
    random = day.random("identities")
    again = _second_accounts(day, random, who)
    shared = who[(people["segment"][who] >= 2) & (random.random(who.size) < min(rate * 3, 0.5))]
    people["switchboard"][shared] = True
    day.defect("accounts", "shared_switchboard", day.accounts(shared).tolist(), names.SWITCHBOARD)
    chained = _chains(day, random, np.setdiff1d(who, np.concatenate([again, shared])))
    single = np.setdiff1d(who, np.concatenate([again, chained, people["person"][again]]))
    offices = single[(people["segment"][single] >= 2) & (random.random(single.size) < min(rate * 2, 0.5))]
    people["mailbox"][offices] = OFFICE
    day.defect("accounts", "shared_mailbox", day.accounts(offices).tolist(), names.OFFICE_MAILBOX)
    if day.number >= 0:
        _reuse_phones(day, random, np.setdiff1d(single, shared))
    twice = np.concatenate([again, chained])
    links = ["same_email"] * again.size + ["same_phone_as_second_account"] * chained.size
    persons = day.accounts(people["person"][twice]).tolist()
    day.tell("persons", [day.accounts(twice).tolist(), persons, links])


def _second_accounts(day: Day, random: np.random.Generator, who: Array) -> Array:
    """Some new accounts belong to existing customers and have the same address; some are merged later."""
    people, rate = day.state.people, day.plan.defect_rate
    again = who[(random.random(who.size) < rate * 0.5) & (who > 10)]
    first = (random.random(again.size) * again).astype(np.int64)
    original = ~np.isin(first, again) & (people["mailbox"][first] == first)
    again, first = again[original], first[original]
    if again.size:
        _same_person(day, again, people["person"][first])
        people["mailbox"][again] = people["person"][again]
        merges = random.random(again.size) < 0.4
        people["merge_day"][again] = np.where(merges, max(day.number, 0) + random.integers(20, 90, again.size), -1)
        day.defect(
            "accounts", "duplicate_account", day.accounts(again).tolist(), "same person and e-mail as an older account"
        )
    arrived: Array = again
    return arrived


def _chains(day: Day, random: np.random.Generator, who: Array) -> Array:
    """Third accounts with a new address and the number of a second account, which has the address of the first."""
    people = day.state.people
    seconds = np.flatnonzero((people["person"] != np.arange(day.state.size)) & (people["mailbox"] == people["person"]))
    seconds = seconds[has_phone(day, seconds) & ~people["switchboard"][seconds]]
    chosen = who[random.random(who.size) < day.plan.defect_rate * 0.1]
    older = np.searchsorted(seconds, chosen)
    chosen, older = chosen[older > 0], older[older > 0]
    second, unused = np.unique(seconds[(random.random(chosen.size) * older).astype(np.int64)], return_index=True)
    chosen = chosen[unused]
    if chosen.size:
        _same_person(day, chosen, people["person"][second])
        people["phone_of"][chosen] = people["phone_of"][second]
        detail = "the number of a second account of the same person; another e-mail"
        day.defect("accounts", "chained_account", day.accounts(chosen).tolist(), detail)
    return chosen


def _same_person(day: Day, who: Array, person: Array) -> None:
    people = day.state.people
    people["person"][who] = person
    people["language"][who] = people["language"][person]
    people["contract"][who] = 0


def _reuse_phones(day: Day, random: np.random.Generator, who: Array) -> None:
    """Numbers of former customers are given to new ones; the old record loses its number the same morning."""
    people = day.state.people
    given = who[random.random(who.size) < day.plan.defect_rate * 0.3]
    old = random.permutation(np.unique(random.integers(0, day.state.size, 20 * given.size)))
    former = (people["contract"][old] != ACTIVE) & (people["person"][old] == old) & ~people["switchboard"][old]
    old = old[former & (people["created"][old] < day.begin) & has_phone(day, old)]
    count = min(given.size, old.size)
    given, old = given[:count], old[:count]
    people["phone_of"][given], people["phone_of"][old] = people["phone_of"][old], NO_PHONE
    people["changed_at"][old] = day.begin + HOUR
    detail = "the number belonged to an older account, which has lost it"
    day.defect("accounts", "reused_phone", day.accounts(given).tolist(), detail)


def merge_accounts(day: Day, random: np.random.Generator) -> Array:
    """Merge second accounts, and sometimes strangers (undone some weeks later); returns the changed accounts."""
    people = day.state.people
    right = np.flatnonzero(people["merge_day"] == day.number)
    people["merged_into"][right] = people["person"][right]
    day.defect("accounts", "explicit_merge", day.accounts(right).tolist(), "merged_into_id names the older account")
    wrong = np.flatnonzero(random.random(day.state.size) < day.plan.defect_rate * _WRONG_MERGE_FACTOR)
    single = (people["person"][wrong] == wrong) & (people["mailbox"][wrong] != OFFICE) & ~people["merged"][wrong]
    wrong = wrong[single & (wrong > 10)]
    into = (random.random(wrong.size) * wrong).astype(np.int64)
    strangers = (people["person"][into] == into) & ~people["merged"][into] & ~np.isin(into, wrong)
    wrong, into = wrong[strangers], into[strangers]
    people["merged_into"][wrong] = into
    people["unmerge_day"][wrong] = day.number + random.integers(15, 40, wrong.size)
    day.defect("accounts", "wrong_merge", day.accounts(wrong).tolist(), "merged_into_id names a stranger's account")
    undone = np.flatnonzero((people["unmerge_day"] == day.number) & people["merged"])
    people["merged_into"][undone] = -1
    people["merged"][undone] = False
    people["merged"][right] = people["merged"][wrong] = True
    day.defect("accounts", "unmerge", day.accounts(undone).tolist(), "merged_into_id is empty again")
    changed: Array = np.concatenate([right, wrong, undone])
    return changed
