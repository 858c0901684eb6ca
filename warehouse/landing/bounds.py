"""Which rows of a table a night may land, and from which night on they are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from warehouse.connectors.reading import ORIGIN
from warehouse.core.quoting import literal
from warehouse.landing.manifests import Watermark
from warehouse.landing.mapping import TablePlan


@dataclass(frozen=True)
class Bounds:
    """Which rows may land tonight, and what they are compared with.

    `recent` are files of hashes of earlier loads, `landed` earlier landed files (for tables that land one row a key).
    `last_night` is the last night that landed the table; `is_dated` says that files carry their date in the name.
    """

    as_of: date
    last_night: date | None
    is_dated: bool
    watermark: Watermark | None
    lookback_days: int
    has_cursor: bool
    distinct: bool
    recent: tuple[Path, ...]
    landed: tuple[Path, ...]

    @property
    def since(self) -> Watermark | None:
        """Rows at or above this are looked at again."""
        return self.since_of(self.watermark)

    def since_of(self, watermark: Watermark | None) -> Watermark | None:
        if isinstance(watermark, datetime):
            return watermark - timedelta(days=self.lookback_days)
        return watermark

    def known_from(self, plan: TablePlan) -> str:
        """The first night that knows a row, had every night been run: what makes a backfill equal to the nights.

        That is the day after its cursor or its file's date; tonight for what had time to come before the last night
        but did not, and where nothing says when a row came.
        """
        tonight = f"date {literal(self.as_of)}"
        is_timed = self.has_cursor and not plan.cursor_is_number
        if not (is_timed or self.is_dated):
            return tonight
        day = "cast(__cursor as date)" if is_timed else f"try_cast({_date_in(ORIGIN)} as date)"
        late = f"or {day} < date {literal(self.last_night)}" if self.last_night else ""
        return f"case when {day} is null {late} then {tonight} else least({tonight}, {day} + 1) end"

    @property
    def at_or_after_since(self) -> str:
        return "true" if self.since is None else f"__cursor >= {bound(self.since)}"

    @property
    def scope(self) -> str:
        """Rows are the same row only within a file, unless a cursor says which are new."""
        return "''" if self.has_cursor else ORIGIN

    def wanted(self, plan: TablePlan) -> str:
        before = "true" if plan.cursor_is_number else f"__cursor < {time_of(self.as_of)}"
        return f"__cursor is null or ({before} and {self.at_or_after_since})"


def _date_in(text: str) -> str:
    return f"regexp_extract({text}, '\\d{{4}}-\\d{{2}}-\\d{{2}}')"


def time_of(day: date) -> str:
    """SQL of the beginning of a day."""
    return f"timestamp {literal(day)}"


def bound(value: Watermark) -> str:
    """SQL of a watermark."""
    return f"timestamp {literal(value)}" if isinstance(value, datetime) else repr(value)
