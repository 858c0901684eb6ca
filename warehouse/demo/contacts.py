"""Contacts outside tickets, public posts, and what the retention team does."""

from __future__ import annotations

import numpy as np

from warehouse.demo import comments, names
from warehouse.demo.clock import DAY, NEVER
from warehouse.demo.contracts import ACTIVE
from warehouse.demo.day import Day, constant, nullable
from warehouse.demo.people import LANGUAGES
from warehouse.demo.staff import agents_for, employee_ids
from warehouse.demo.typing import Array, Columns

_CHANNELS = np.array(["phone", "chat", "store", "email", "app"], dtype=object)
_TOUCHPOINTS = np.array(["billing", "onboarding", "support", "delivery", "renewal"], dtype=object)
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
_PLATFORMS = np.array(["microblog", "forum", "video", "reviews"], dtype=object)
#: Codes of the playbook.
ACTIONS = np.array(
    ["call_back_open_case", "recover_complaint", "keep_broken_promise", "speed_up_service"], dtype=object
)
_ACTION_COSTS = np.array([700, 1_500, 2_000, 1_200])
_OUTCOMES = np.array(["accepted", "refused", "unreachable"], dtype=object)
ACCEPTED = 0


def contact(day: Day) -> None:
    """Customers call, chat or come by; they remember having waited longer than promised, and who served them."""
    people, random = day.state.people, day.random("contacts")
    rate = 0.0035 + 0.002 * ((day.number - people["trouble_day"]) < 7)
    who = np.flatnonzero((random.random(day.state.size) < rate) & ~people["merged"])
    count = who.size
    agent = agents_for(day, random.integers(0, 4, count), random)
    wait = np.exp(random.normal(4.6, 0.9, count)).astype(np.int64)
    too_long = wait > _PROMISED_WAIT_SECONDS
    effects = day.effects
    day.move(
        who,
        effects.wait_longer_than_promised * too_long
        + 0.5 * effects.good_agent_per_sd * day.state.staff["quality"][agent],
    )
    channel = random.choice(5, count, p=[0.45, 0.2, 0.15, 0.12, 0.08])
    touchpoint = random.choice(5, count, p=[0.3, 0.1, 0.3, 0.2, 0.1])
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


def mention(day: Day) -> None:
    """The very pleased and the very displeased post in public, under their handles."""
    people, random = day.state.people, day.random("mentions")
    drawn = random.random(day.state.size)
    few = np.flatnonzero(drawn < 0.004)
    feeling = day.satisfaction(few)
    posting = (drawn[few] < 0.0008 * np.exp(np.minimum(np.abs(feeling), 1.6))) & names.has_handle(people["person"][few])
    who, feeling = few[posting], feeling[posting]
    count = who.size
    recent = day.number - people["trouble_day"][who] < 30
    aspect = np.where(recent & (people["trouble"][who] >= 0), people["trouble"][who], random.integers(0, 7, count))
    late = random.random(count) < day.plan.defect_rate
    posted = day.moments(random, count)
    ids = names.numbered("M", day.state.number("mention", count), 8)
    day.defect("mentions", "late", ids[late].tolist(), "collected days after it was posted")
    day.write(
        "mentions",
        mention_id=ids,
        occurred_at=day.clock.stamps(posted - np.where(late, random.integers(2, 6, count), 0) * DAY),
        platform=_PLATFORMS[random.integers(0, 4, count)],
        author_handle=names.handles(people["person"][who]),
        text=comments.write_comments(
            random, people["language"][who], aspect, feeling + random.normal(0, 0.3, count) < 0
        ),
        language=LANGUAGES[people["language"][who]],
        reach=np.exp(random.normal(5.0, 1.5, count)).astype(np.int64),
        recorded_at=day.clock.stamps(posted),
    )


def retain(day: Day) -> None:
    """The retention team picks customers who seem unhappy; one in ten is left alone for comparison."""
    _hear_outcomes(day)
    people, random = day.state.people, day.random("retention")
    drawn = random.random(day.state.size)
    few = np.flatnonzero((drawn < 0.02) & (people["contract"] == ACTIVE) & people["is_contactable"])
    seems = day.satisfaction(few) + random.normal(0, 0.5, few.size)
    who = few[(seems < -0.8) & (day.number - people["acted_day"][few] > 90)]
    count = who.size
    people["acted_day"][who] = day.number
    control = random.random(count) < 0.1
    assigned = day.moments(random, count, 7, 9)
    rows: Columns = {
        "due": day.number + random.integers(1, 5, count),
        "action": day.state.number("action", count),
        "who": who,
        "assigned": assigned,
        "code": random.integers(0, 4, count),
        "agent": np.where(control, -1, agents_for(day, np.full(count, 5), random)),
    }
    never = np.full(count, NEVER)
    _write_actions(day, rows, never, never, np.full(count, -1), assigned)
    day.state.later("actions", {name: column[~control] for name, column in rows.items()})


def _hear_outcomes(day: Day) -> None:
    people, random = day.state.people, day.random("outcomes")
    rows = day.state.take_due("actions", day.number)
    count = rows["who"].size
    contacted = day.moments(random, count, 9, 17)
    outcome = random.choice(3, count, p=[0.45, 0.3, 0.25])
    reached = rows["who"][outcome != 2]
    day.move(reached, day.effects.retention_contact)
    saved = rows["who"][(outcome == ACCEPTED) & (random.random(count) < 0.4)]
    people["leave_day"][saved] = people["decided_day"][saved] = -1
    known = contacted + 1_800
    _write_actions(day, rows, np.where(outcome == 2, NEVER, contacted), known, outcome, known)


def _write_actions(day: Day, rows: Columns, contacted: Array, known: Array, outcome: Array, updated: Array) -> None:
    count, treated = rows["who"].size, rows["agent"] >= 0
    spent = treated & (outcome >= 0)
    day.write(
        "retention_actions",
        intervention_id=names.numbered("N", rows["action"], 7),
        account_no=day.accounts(rows["who"]),
        assigned_at=day.times(rows["assigned"]),
        arm=np.where(treated, "treatment", "control").astype(object),
        experiment_id=constant("retention-standing", count),
        action_code=nullable(ACTIONS[rows["code"]], treated),
        channel=nullable(constant("phone", count), treated),
        employee_id=employee_ids(rows["agent"]),
        contacted_at=day.times(contacted),
        outcome=nullable(_OUTCOMES[outcome], outcome >= 0),
        outcome_at=day.times(known),
        cost_cents=nullable(_ACTION_COSTS[rows["code"]], spent),
        updated_at=day.times(updated),
    )
