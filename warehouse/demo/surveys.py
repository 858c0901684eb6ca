"""Surveys after deliveries and tickets and about the relationship; those who answer say how they feel."""

from __future__ import annotations

import numpy as np

from warehouse.demo import comments, names
from warehouse.demo.clock import DAY
from warehouse.demo.contracts import ACTIVE, PRODUCTS
from warehouse.demo.day import Day, nullable
from warehouse.demo.people import LANGUAGES
from warehouse.demo.servqual import ask_more
from warehouse.demo.staff import employee_ids
from warehouse.demo.ticket_rows import ticket_ids
from warehouse.demo.typing import Array, Columns

TOUCHPOINTS = np.array(["delivery", "support", "relationship"], dtype=object)
DELIVERY, SUPPORT, RELATIONSHIP = range(3)
TYPES = np.array(["csat", "ces", "nps"], dtype=object)
_CHANNELS = np.array(["email", "app", "web"], dtype=object)
#: Latent score below which CSAT is 1, 2, 3 and 4.
CSAT_CUTS = np.array([-1.9, -1.35, -0.8, -0.1])
_FATIGUE_DAYS = 30
_CUSTOMER_KNOWN, _EMAIL_IN_CAPITALS = 40, 8


def plan_invitations(day: Day, orders: Columns, solved: Columns) -> None:
    """Invite after some of today's deliveries and solved tickets, and a few customers about the relationship."""
    random = day.random("sampling")
    asked = random.random(orders["who"].size) < 0.4
    _queue(
        day, DELIVERY, orders["who"][asked], orders["effect"][asked], comments.DELIVERY, order=orders["order"][asked]
    )
    asked = random.random(solved["who"].size) < 0.6
    aspect = np.where(random.random(int(asked.sum())) < 0.5, comments.SPEED, comments.AGENT)
    _queue(
        day,
        SUPPORT,
        solved["who"][asked],
        solved["effect"][asked],
        aspect,
        ticket=solved["ticket"][asked],
        agent=solved["agent"][asked],
    )
    people = day.state.people
    sample = np.flatnonzero((random.random(day.state.size) < 1 / 200) & (people["contract"] == ACTIVE))
    troubled = (day.number - people["trouble_day"][sample] < 60) & (people["trouble"][sample] >= 0)
    aspect = np.where(troubled, people["trouble"][sample], random.integers(0, len(comments.ASPECTS), sample.size))
    _queue(day, RELATIONSHIP, sample, np.zeros(sample.size), aspect)


def _queue(day: Day, touchpoint: int, who: Array, event: Array, aspect: Array | int, **about: Array) -> None:
    count = who.size
    rows: Columns = {name: about.get(name, np.full(count, -1)) for name in ("order", "ticket", "agent")}
    rows |= {
        "due": np.full(count, day.number + 1),
        "who": who,
        "touchpoint": np.full(count, touchpoint),
        "event": event,
    }
    day.state.later("invitations", rows | {"aspect": np.broadcast_to(np.asarray(aspect), (count,))})


def invite(day: Day) -> None:
    """Send the invitations due today, at most one a customer in 30 days, and draw who will answer when."""
    people, random = day.state.people, day.random("invitations")
    rows = day.state.take_due("invitations", day.number)
    _, first = np.unique(rows["who"], return_index=True)
    first = np.sort(first)
    fresh = day.number - people["invited_day"][rows["who"][first]] >= _FATIGUE_DAYS
    allowed = fresh & ~people["merged"][rows["who"][first]]
    rows = {name: column[first[allowed]] for name, column in rows.items()}
    who = rows["who"]
    people["invited_day"][who] = day.number
    number = day.state.number("invitation", who.size)
    sent = day.moments(random, who.size, 9, 12)
    day.write(
        "invitations",
        invitation_id=names.numbered("I", number, 8),
        customer_id=_customer_ids(day, who, number),
        email=_emails(day, who, number),
        sent_at=day.clock.stamps(sent),
        survey_type=TYPES[rows["touchpoint"]],
        channel=_CHANNELS[number % 3],
        touchpoint=TOUCHPOINTS[rows["touchpoint"]],
    )
    feeling = day.satisfaction(who) + rows["event"]
    answers = random.random(who.size) < 0.24 + 0.10 * np.minimum(np.abs(feeling), 1.5)
    delay = np.minimum(random.geometric(0.5, who.size) - 1, 6)
    responded = np.where(delay == 0, sent + random.integers(600, 9 * 3_600, who.size), sent + delay * DAY)
    late = random.random(who.size) < day.plan.defect_rate * 0.5
    due = responded // DAY + np.where(late, random.integers(2, 6, who.size), 0)
    queued = rows | {"due": due, "responded": responded, "invitation": number, "is_late": late}
    day.state.later("responses", {name: column[answers] for name, column in queued.items()})


def respond(day: Day) -> None:
    """Record the answers that come in today, with scores and comments."""
    rows = day.state.take_due("responses", day.number)
    who, count = rows["who"], rows["who"].size
    effects, random = day.effects, day.random("responses")
    feeling = effects.survey_weight_of_satisfaction * day.satisfaction(who)
    score = feeling + effects.survey_weight_of_the_event_itself * rows["event"]
    csat_score, nps_score, ces_score = (score + random.normal(0, effects.survey_noise_sd, count) for _ in range(3))
    csat = 1 + np.searchsorted(CSAT_CUTS, csat_score)
    nps = np.clip(np.rint(8.0 + 2.1 * nps_score), 0, 10).astype(np.int64)
    ces = np.clip(np.rint(5.5 + 1.1 * ces_score + 0.5 * rows["event"]), 1, 7).astype(np.int64)
    language = day.state.people["language"][who]
    comment = comments.write_comments(random, language, rows["aspect"], csat <= 3)
    commented = random.random(count) < 0.45 + 0.25 * (csat <= 2)
    number = day.state.number("response", count)
    ids = names.numbered("R", number, 8)
    recorded = np.where(rows["is_late"], day.moments(random, count, 1, 5), rows["responded"] + 60)
    day.write(
        "responses",
        response_id=ids,
        invitation_id=names.numbered("I", rows["invitation"], 8),
        customer_id=_customer_ids(day, who, rows["invitation"]),
        email=_emails(day, who, rows["invitation"]),
        responded_at=day.clock.stamps(rows["responded"]),
        survey_type=TYPES[rows["touchpoint"]],
        nps=nullable(nps, rows["touchpoint"] == RELATIONSHIP),
        csat=nullable(csat, random.random(count) < 0.97),
        ces=nullable(ces, rows["touchpoint"] != RELATIONSHIP),
        comment=nullable(comment, commented),
        language=nullable(LANGUAGES[language], commented),
        channel=_CHANNELS[rows["invitation"] % 3],
        touchpoint=TOUCHPOINTS[rows["touchpoint"]],
        product=nullable(PRODUCTS[day.state.people["plan"][who]], rows["touchpoint"] == RELATIONSHIP),
        employee_id=employee_ids(rows["agent"]),
        order_id=nullable(names.numbered("O", rows["order"], 9), rows["order"] >= 0),
        ticket_id=ticket_ids(rows["ticket"]),
        recorded_at=day.clock.stamps(np.minimum(recorded, day.end - 1)),
    )
    day.defect("responses", "late", ids[rows["is_late"]].tolist(), "exported days after the answer")
    ask_more(day, ids, rows["touchpoint"] == RELATIONSHIP, score)


def _customer_ids(day: Day, who: Array, invitation: Array) -> Array:
    """The survey tool knows the account number of some of those it invites."""
    return nullable(day.accounts(who), invitation % 100 < _CUSTOMER_KNOWN)


def _emails(day: Day, who: Array, invitation: Array) -> Array:
    """Addresses, some in capitals as people type them; the tool learns of a changed address only half of the time."""
    people = day.state.people
    version = people["email_version"][who]
    known = np.where((version > 0) & (who % 2 == 0), version - 1, version)
    written = names.emails(people["person"][who], known)
    capitals = invitation % 100 >= 100 - _EMAIL_IN_CAPITALS
    written[capitals] = [text.upper() for text in written[capitals].tolist()]
    return written
