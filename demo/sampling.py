"""Survey invitations: after deliveries, tickets and steps of the first weeks, and about the relationship."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from demo import comments, episodes, names
from demo.clock import DAY
from demo.contracts import ACTIVE
from demo.day import Day, nullable
from demo.effects import CAUSES
from demo.episodes import pulse_region
from demo.identities import emails_of
from demo.tickets import FELT
from demo.typing import Array, Columns

TOUCHPOINTS = np.array(
    ["delivery", "support", "relationship", "onboarding", "installation", "first_bill", "check_in"], dtype=object
)
DELIVERY, SUPPORT, RELATIONSHIP, ONBOARDING = range(4)
TYPES = np.array(["csat", "ces", "nps", "csat", "csat", "csat", "csat"], dtype=object)
CHANNELS = np.array(["email", "app", "web"], dtype=object)
#: Factor of each segment's response rate, so that respondents differ from all customers.
ANSWERING_FACTOR = np.array([1.0, 1.1, 0.75, 0.6])
_SAMPLE_SHARE, _PULSE_SHARE, _DIP_SHARE = 1 / 250, 1 / 60, 1 / 8
_FATIGUE_DAYS = 30
_CUSTOMER_KNOWN, _EMAIL_IN_CAPITALS = 40, 8


def plan_invitations(day: Day, orders: Columns, solved: Columns) -> None:
    """Invite after some of today's deliveries and solved tickets, and a few customers about the relationship."""
    random = day.random("sampling")
    asked = random.random(orders["who"].size) < 0.4
    ask(
        day,
        DELIVERY,
        orders["who"][asked],
        {"delivery": orders["effect"][asked]},
        comments.DELIVERY,
        order=orders["order"][asked],
    )
    asked = random.random(solved["who"].size) < 0.6
    aspect = np.where(random.random(int(asked.sum())) < 0.5, comments.SPEED, comments.AGENT)
    ask(
        day,
        SUPPORT,
        solved["who"][asked],
        {cause: solved[cause][asked] for cause in FELT},
        aspect,
        ticket=solved["ticket"][asked],
        agent=solved["agent"][asked],
    )
    people = day.state.people
    share = np.where(people["region"] == pulse_region(day), _pulse_share(day), _SAMPLE_SHARE)
    sample = np.flatnonzero((random.random(day.state.size) < share) & (people["contract"] == ACTIVE))
    troubled = (day.number - people["trouble_day"][sample] < 60) & (people["trouble"][sample] >= 0)
    aspect = np.where(troubled, people["trouble"][sample], random.integers(0, len(comments.ASPECTS), sample.size))
    ask(day, RELATIONSHIP, sample, {}, aspect)


def _pulse_share(day: Day) -> float:
    """Send pulse surveys in every region; more during a dip of NPS."""
    return _DIP_SHARE if episodes.where(day, episodes.NPS_DIP) else _PULSE_SHARE


def ask(
    day: Day, touchpoint: int | Array, who: Array, felt: Mapping[str, Array], aspect: Array | int, **about: Array
) -> None:
    """Queue invitations for tomorrow; `felt` is the effect of the touchpoint by cause, `aspect` for a comment."""
    count = who.size
    nothing = np.zeros(count)
    rows: Columns = {name: about.get(name, np.full(count, -1)) for name in ("order", "ticket", "agent")}
    rows |= {
        "due": np.full(count, day.number + 1),
        "who": who,
        "touchpoint": np.broadcast_to(np.asarray(touchpoint), (count,)),
        "event": np.sum([nothing, *felt.values()], axis=0),
    }
    rows |= {f"event_{cause}": felt.get(cause, nothing) for cause in CAUSES}
    day.state.later("invitations", rows | {"aspect": np.broadcast_to(np.asarray(aspect), (count,))})


def invite(day: Day) -> None:
    """Send the invitations due today, at most one a customer in 30 days, and draw who answers when."""
    people, random = day.state.people, day.random("invitations")
    rows = day.state.take_due("invitations", day.number)
    _, first = np.unique(rows["who"], return_index=True)
    first = np.sort(first)
    fresh = day.number - people["invited_day"][rows["who"][first]] >= _FATIGUE_DAYS
    allowed = fresh & ~people["merged"][rows["who"][first]] & people["is_contactable"][rows["who"][first]]
    rows = {name: column[first[allowed]] for name, column in rows.items()}
    who = rows["who"]
    people["invited_day"][who] = day.number
    number = day.state.number("invitation", who.size)
    sent = day.moments(random, who.size, 9, 12)
    day.write(
        "invitations",
        invitation_id=names.numbered("I", number, 8),
        customer_id=known_customer_ids(day, who, number),
        email=known_emails(day, who, number),
        sent_at=day.clock.stamps(sent),
        survey_type=TYPES[rows["touchpoint"]],
        channel=CHANNELS[number % 3],
        touchpoint=TOUCHPOINTS[rows["touchpoint"]],
    )
    feeling = day.satisfaction(who) + rows["event"]
    share = (0.24 + 0.10 * np.minimum(np.abs(feeling), 1.5)) * ANSWERING_FACTOR[people["segment"][who]]
    answers = random.random(who.size) < share
    delay = np.minimum(random.geometric(0.5, who.size) - 1, 6)
    responded = np.where(delay == 0, sent + random.integers(600, 9 * 3_600, who.size), sent + delay * DAY)
    late = random.random(who.size) < day.plan.defect_rate * 0.5
    due = responded // DAY + np.where(late, random.integers(2, 6, who.size), 0)
    queued = rows | {"due": due, "responded": responded, "invitation": number, "is_late": late}
    day.state.later("responses", {name: column[answers] for name, column in queued.items()})


def known_customer_ids(day: Day, who: Array, invitation: Array) -> Array:
    """Account numbers of the invited customers that the survey tool has."""
    return nullable(day.accounts(who), invitation % 100 < _CUSTOMER_KNOWN)


def known_emails(day: Day, who: Array, invitation: Array) -> Array:
    """Addresses, some in capitals as people type them; half of the changed addresses do not reach the tool."""
    people = day.state.people
    version = people["email_version"][who]
    known = np.where((version > 0) & (who % 2 == 0), version - 1, version)
    written = emails_of(day, who, known)
    capitals = invitation % 100 >= 100 - _EMAIL_IN_CAPITALS
    written[capitals] = [text.upper() for text in written[capitals].tolist()]
    return written
