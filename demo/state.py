"""State of the simulation between days: arrays only, saved without pickle."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from demo.clock import NEVER
from demo.effects import CAUSES
from demo.typing import Array, Columns

#: One row per customer: dtype and initial value.
PEOPLE: dict[str, tuple[str, float]] = {
    "created": ("i8", 0),  # simulation seconds
    "person": ("i4", 0),  # index of the person's first account
    "region": ("i1", 0),
    "segment": ("i1", 0),
    "language": ("i1", 0),  # 0 en, 1 zh
    "is_vip": ("?", 0),
    "is_contactable": ("?", 1),
    "acquisition": ("i1", 0),
    "owner": ("i4", 0),
    "birth": ("i4", 0),  # day number
    "birthday": ("i2", 0),  # 100 x month + day
    "payment": ("i1", 0),
    "baseline": ("f4", 0),  # satisfaction without events
    "mood": ("f4", 0),  # what events added to it
    **{f"mood_{cause}": ("f4", 0) for cause in CAUSES},  # the same by cause, for the truth file only
    "order_rate": ("f4", 0),  # orders a day at satisfaction 0
    "is_buyer": ("?", 1),  # still buys
    "contract": ("i1", 0),  # 0 none, 1 active, 2 cancelled
    "contract_no": ("i4", -1),
    "plan": ("i1", 0),
    "price": ("i4", 0),  # cents a month
    "started": ("i8", NEVER),
    "ends": ("i8", NEVER),
    "term": ("i2", 0),  # months
    "leave_day": ("i4", -1),  # day on which a decided cancellation takes effect
    "decided_day": ("i4", -1),
    "leave_reason": ("i1", 0),
    "usage": ("f4", 0),  # minutes a day at satisfaction 0
    "points": ("i4", 0),  # on the account now
    "points_earned": ("i8", 0),  # ever
    "invited_day": ("i4", -999),
    "acted_day": ("i4", -999),
    "email_version": ("i2", 0),
    "trouble": ("i1", -1),  # aspect of the last bad experience
    "trouble_day": ("i4", -999),
    "switchboard": ("?", 0),
    "merge_day": ("i4", -1),
    "merged": ("?", 0),
    "mailbox": ("i4", 0),  # index of the account whose e-mail address this one has; -1 an office's
    "phone_of": ("i4", 0),  # index of the account whose number this one has; -1 none
    "merged_into": ("i4", -1),
    "unmerge_day": ("i4", -1),
    "changed_at": ("i8", NEVER),  # when the number was lost
    "ticket_day": ("i4", -999),  # day of the last ticket
    "ticket_team": ("i1", -1),
    "lapsed_day": ("i4", -999),  # day on which the customer stopped buying
    "arm_0": ("i1", -1),  # arm in each declared test: -1 not in it, 0 control, 1 treatment
    "arm_1": ("i1", -1),
    "arm_2": ("i1", -1),
    "arm_3": ("i1", -1),
}

_BY_CAUSE = {f"event_{cause}": "f4" for cause in CAUSES}
#: Queues of future events; the column `due` is the day on which they happen.
QUEUES: dict[str, dict[str, str]] = {
    "deliveries": {
        "due": "i4", "order": "i8", "line": "i2", "who": "i4", "ordered": "i8", "shipped": "i8", "promised": "i8",
        "delivered": "i8", "product": "i2", "quantity": "i2", "channel": "i1",
    },
    "usage": {"due": "i4", "who": "i4", "day": "i4", "sessions": "i2", "minutes": "f8", "outage": "f8"},
    "tickets": {
        "due": "i4", "ticket": "i8", "who": "i4", "opened": "i8", "assigned": "i8", "acknowledged": "i8",
        "planned": "i8", "responded": "i8", "escalated": "i8", "waiting": "i8", "customer_replied": "i8",
        "resolved": "i8", "reopened": "i8", "resolved_again": "i8", "verified": "i8", "closed": "i8", "promised": "i8",
        "priority": "i1", "category": "i1", "complaint": "?", "channel": "i1", "agent": "i4", "first_agent": "i4",
        "identified_by": "i1",
    },
    "invitations": {
        "due": "i4", "who": "i4", "touchpoint": "i1", "order": "i8", "ticket": "i8", "agent": "i4", "event": "f4",
        "aspect": "i1", **_BY_CAUSE,
    },
    "responses": {
        "due": "i4", "who": "i4", "responded": "i8", "touchpoint": "i1", "order": "i8", "ticket": "i8", "agent": "i4",
        "event": "f4", "aspect": "i1", "invitation": "i8", "is_late": "?",
        **_BY_CAUSE,
    },
    "lots": {"due": "i4", "who": "i4", "upto": "i8"},
    "journeys": {"due": "i4", "who": "i4", "step": "i1", "asked": "i1"},
    "actions": {
        "due": "i4", "action": "i8", "who": "i4", "assigned": "i8", "experiment": "i1", "code": "i1",
        "agent": "i4",
    },
}  # fmt: skip

COUNTERS = ("contract", "order", "contact", "ticket", "invitation", "response", "mention", "entry", "action")


@dataclass
class State:
    """Everything the next day depends on; `day` is the next day to simulate."""

    day: int = 0
    counters: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTERS, 0))
    people: dict[str, Array] = field(
        default_factory=lambda: {name: np.empty(0, kind) for name, (kind, _) in PEOPLE.items()}
    )
    staff: dict[str, Array] = field(default_factory=dict)
    truth_sizes: dict[str, int] = field(default_factory=dict)
    queues: dict[str, Columns] = field(default_factory=lambda: {name: empty_queue(name) for name in QUEUES})

    @property
    def size(self) -> int:
        """Number of accounts."""
        return int(self.people["created"].size)

    def arrive(self, count: int, traits: Columns) -> Array:
        """Add `count` customers with these traits; returns their indices."""
        first = self.size
        for name, (kind, default) in PEOPLE.items():
            new = np.asarray(traits.get(name, np.full(count, default)), dtype=kind)
            self.people[name] = np.concatenate([self.people[name], new])
        return np.arange(first, first + count)

    def number(self, counter: str, count: int) -> Array:
        """The next `count` numbers of a counter."""
        first = self.counters[counter]
        self.counters[counter] = first + count
        return np.arange(first, first + count)

    def later(self, queue: str, rows: Columns) -> None:
        """Put rows into a queue."""
        waiting = self.queues[queue]
        self.queues[queue] = {
            name: np.concatenate([waiting[name], np.asarray(rows[name], dtype=kind)])
            for name, kind in QUEUES[queue].items()
        }

    def take_due(self, queue: str, day: int) -> Columns:
        """Remove from a queue and return the rows due on `day` or before."""
        waiting = self.queues[queue]
        due = waiting["due"] <= day
        self.queues[queue] = {name: column[~due] for name, column in waiting.items()}
        return {name: column[due] for name, column in waiting.items()}

    def save(self, path: Path) -> None:
        """Write the state as npz, atomically."""
        path.parent.mkdir(parents=True, exist_ok=True)
        arrays: Columns = {"day": np.array(self.day), "counters": np.array([self.counters[name] for name in COUNTERS])}
        arrays |= {f"people/{name}": column for name, column in self.people.items()}
        arrays |= {f"staff/{name}": column for name, column in self.staff.items()}
        arrays |= {f"truth/{name}": np.array(size) for name, size in self.truth_sizes.items()}
        for queue, columns in self.queues.items():
            arrays |= {f"queue/{queue}/{name}": column for name, column in columns.items()}
        partial = path.with_suffix(".partial.npz")
        np.savez(partial, allow_pickle=False, **arrays)
        partial.replace(path)


def load_state(path: Path) -> State:
    """Read what `State.save` wrote."""
    with np.load(path, allow_pickle=False) as saved:
        state = State(day=int(saved["day"]))
        state.counters = dict(zip(COUNTERS, saved["counters"].tolist(), strict=True))
        state.people = {name: saved[f"people/{name}"] for name in PEOPLE}
        sizes = [name for name in saved.files if name.startswith("truth/")]
        state.truth_sizes = {name.removeprefix("truth/"): int(saved[name]) for name in sizes}
        state.staff = {name.removeprefix("staff/"): saved[name] for name in saved.files if name.startswith("staff/")}
        state.queues = {
            queue: {name: saved[f"queue/{queue}/{name}"] for name in columns} for queue, columns in QUEUES.items()
        }
    return state


def empty_queue(name: str) -> Columns:
    """A queue without rows."""
    return {column: np.empty(0, kind) for column, kind in QUEUES[name].items()}
