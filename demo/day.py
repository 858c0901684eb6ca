"""One simulated day: the input of every part of the simulation and the place for its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from demo.clock import DAY, NEVER, Clock
from demo.effects import EFFECTS, Effects
from demo.names import numbered
from demo.randomness import stream
from demo.state import State
from demo.tables import COLUMNS, KEY, SOURCE
from demo.typing import Array, Columns, Texts

#: Microseconds as SQLAlchemy writes them in SQLite, so that comparing text compares time.
MICROSECONDS = ".000000"


@dataclass(frozen=True)
class Plan:
    """Parameters of a demo company; they never change after the first day."""

    customers: int
    seed: int
    language: str
    defect_rate: float

    @property
    def usage_every_days(self) -> int:
        """Days between meter readings: 7, or 28 for more than 200,000 customers, to limit the rows."""
        return 7 if self.customers <= 200_000 else 28


@dataclass
class Day:
    """Day `number` (0 is the first, -1 the time before it) of a simulation."""

    number: int
    plan: Plan
    state: State
    clock: Clock
    accounts: AccountNumbers
    effects: Effects = EFFECTS
    rows: dict[str, list[Columns]] = field(default_factory=dict)
    defects: list[tuple[str, str, str, str, str, str]] = field(default_factory=list)
    reasons: list[tuple[Array, str]] = field(default_factory=list)
    truths: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    @property
    def date(self) -> date:
        """The calendar date."""
        return self.clock.start + timedelta(days=self.number)

    @property
    def begin(self) -> int:
        """Simulation second at which the day begins."""
        return self.number * DAY

    @property
    def end(self) -> int:
        """Simulation second at which the day is over."""
        return self.begin + DAY

    def random(self, purpose: str) -> np.random.Generator:
        """The random stream of this day for one purpose."""
        return stream(self.plan.seed, self.number, purpose)

    def moments(self, random: np.random.Generator, count: int, opens: int = 7, closes: int = 22) -> Array:
        """Random times of this day between two hours, as simulation seconds."""
        return self.begin + random.integers(opens * 3_600, closes * 3_600, count)

    def satisfaction(self, who: Array) -> Array:
        """Latent satisfaction of customers now."""
        people = self.state.people
        feeling: Array = people["baseline"][who] + people["mood"][who]
        return feeling

    def move(self, who: Array, by: Array | float, cause: str | Mapping[str, Array] = "other") -> None:
        """Move the satisfaction of customers; the same customer may come more than once.

        `cause` is one of `effects.CAUSES`, or the parts of `by` that each of them has.
        """
        np.add.at(self.state.people["mood"], who, np.asarray(by, dtype=np.float32))
        for name, part in ({cause: by} if isinstance(cause, str) else cause).items():
            np.add.at(self.state.people[f"mood_{name}"], who, np.asarray(part, dtype=np.float32))

    def write(self, table: str, **columns: Array) -> None:
        """Add rows to a table; the columns are those of the table in any order, and missing ones are empty."""
        count = len(next(iter(columns.values())))
        if count:
            empty = np.full(count, None, dtype=object)
            self.rows.setdefault(table, []).append({name: columns.get(name, empty) for name in COLUMNS[table]})

    def times(self, seconds: Array) -> Texts:
        """Timestamps as the database gets them."""
        return self.clock.stamps(seconds, MICROSECONDS)

    def tell(self, name: str, columns: Sequence[Sequence[str]]) -> None:
        """Add rows to a truth file, given as columns."""
        self.truths.setdefault(name, []).extend(zip(*columns, strict=True))

    def defect(self, table: str, kind: str, keys: Sequence[str], detail: str = "") -> None:
        """Record planted defects; `keys` are row keys, columns joined by |."""
        day = self.clock.day_text(max(self.number, 0))
        self.defects.extend((day, SOURCE[table], table, kind, key, detail) for key in keys)


class AccountNumbers:
    """Account numbers by customer index, made once."""

    def __init__(self) -> None:
        self._texts: Texts = np.empty(0, dtype=object)

    def __call__(self, who: Array) -> Texts:
        top = int(who.max()) + 1 if who.size else 0
        if top > self._texts.size:
            more = numbered("A", np.arange(self._texts.size, max(top, self._texts.size * 5 // 4)), 7)
            self._texts = np.concatenate([self._texts, more])
        found: Texts = self._texts[who]
        return found


def nullable(values: Array, known: Array) -> Array:
    """The values as an object column, `None` where unknown."""
    cells = values.astype(object)
    cells[~known] = None
    return cells


def constant(value: str, count: int) -> Texts:
    """A text column with one value."""
    return np.full(count, value, dtype=object)


def row_keys(table: str, columns: Columns) -> list[str]:
    """The key of each row, columns joined by |."""
    return ["|".join(map(str, cells)) for cells in zip(*(columns[name].tolist() for name in KEY[table]), strict=True)]


def happened(seconds: Array, until: int) -> Array:
    """Times before `until`; NEVER for the others."""
    return np.where(seconds < until, seconds, NEVER)
