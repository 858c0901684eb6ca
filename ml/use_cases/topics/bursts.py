"""Whether a topic is talked about more than usual, with a stated share of false alarms.

The volume of the window is held against that of the days before, each weekday with its own mean. Counts vary more than
Poisson's: the tail is that of a negative binomial whose variance is that of the usual volume from window to window,
plus what is not known about its mean. Among all topics of a night the share of false ones among the flagged is held at
a level (Benjamini & Hochberg 1995, Journal of the Royal Statistical Society B 57:289).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import false_discovery_control, nbinom, poisson

#: Windows before tonight's that a usual volume needs.
FEWEST_WINDOWS = 4
#: Half a mention is added to the baseline: what was never said may still be said (Jeffreys' prior of a rate).
PRIOR = 0.5

Counts = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Volume:
    """The window's mentions, how many were expected, and the chance of so many on a usual night (NaN: unknown)."""

    mentions: int
    baseline: int
    expected: float
    p_value: float


def volume(daily: Counts, window: int) -> Volume:
    """`daily` holds the mentions of each day (days,), the last before the night at the end."""
    before, now = daily[:-window], daily[-window:]
    mentions, baseline = int(now.sum()), int(before.sum())
    windows = len(before) // window
    if windows < FEWEST_WINDOWS:
        return Volume(mentions, baseline, float("nan"), float("nan"))
    weekdays = np.arange(len(daily)) % 7
    usual = np.array([_mean(before[weekdays[: len(before)] == weekday]) for weekday in range(7)])[weekdays]
    expected = float(usual[-window:].sum()) + PRIOR / windows
    blocks = slice(len(before) - windows * window, len(before))
    sums, means = (row[blocks].reshape(windows, window).sum(axis=1) for row in (daily, usual))
    spread = float((((sums - means) ** 2) / np.maximum(means, 1e-9)).sum() / (windows - 1)) if baseline else 1.0
    variance = max(spread, 1.0) * expected + expected**2 / (baseline + PRIOR)
    return Volume(mentions, baseline, expected, _tail(mentions, expected, variance))


def q_values(p_values: Counts) -> Counts:
    """Smallest false discovery rate at which each topic would be flagged; NaN stays NaN."""
    adjusted = np.full(len(p_values), np.nan)
    known = ~np.isnan(p_values)
    if known.any():
        adjusted[known] = false_discovery_control(p_values[known], method="bh")
    return adjusted


def _mean(values: Counts) -> float:
    return float(values.mean()) if len(values) else 0.0


def _tail(mentions: int, expected: float, variance: float) -> float:
    """P(X >= mentions)."""
    if variance <= expected:
        return float(poisson.sf(mentions - 1, expected))
    return float(nbinom.sf(mentions - 1, expected**2 / (variance - expected), expected / variance))
