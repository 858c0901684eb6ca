"""Simulation time: whole seconds since midnight of the first day, and how they are written."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np

from demo.typing import Array, Texts

DAY = 86_400
HOUR = 3_600
#: Time of an event that has not happened; written as an empty cell.
NEVER = -(2**60)
#: Maximum number of days between the oldest customer or contract and the first day.
DAYS_BEFORE = 30_000


@cache
def _times(fraction: str) -> Texts:
    texts = [f" {h:02d}:{m:02d}:{s:02d}{fraction}" for h in range(24) for m in range(60) for s in range(60)]
    return np.array(texts, dtype=object)


class Clock:
    """Writes simulation seconds as text; `start` is the first simulated day."""

    def __init__(self, start: date, last_day: int) -> None:
        self.start = start
        first = start - timedelta(days=DAYS_BEFORE)
        texts = [(first + timedelta(days=n)).isoformat() for n in range(DAYS_BEFORE + last_day + 2_500)]
        self._dates: Texts = np.array(texts, dtype=object)

    def day_text(self, day: int) -> str:
        """ISO date of a simulated day."""
        return str(self._dates[day + DAYS_BEFORE])

    def dates(self, days: Array) -> Texts:
        """ISO dates of day numbers."""
        found: Texts = self._dates[days + DAYS_BEFORE]
        return found

    def month_days(self, days: Array) -> Array:
        """100 x month + day of day numbers."""
        dates = np.datetime64(self.start) + days.astype("timedelta64[D]")
        months = dates.astype("datetime64[M]")
        found: Array = (months.astype(np.int64) % 12 + 1) * 100 + (dates - months).astype(np.int64) + 1
        return found

    def stamps(self, seconds: Array, fraction: str = "") -> Texts:
        """Timestamps of simulation seconds, `None` for NEVER.

        `fraction` is written behind the seconds: databases get microseconds, so that text compares like time.
        """
        seconds = np.asarray(seconds, dtype=np.int64)
        known = seconds != NEVER
        safe = np.where(known, seconds, 0)
        written: Texts = self._dates[safe // DAY + DAYS_BEFORE] + _times(fraction)[safe % DAY]
        written[~known] = None
        return written
