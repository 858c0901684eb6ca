"""Tests whether a topic is mentioned more than usual, with a controlled false discovery rate.

The mentions in the window are compared with those expected from the earlier days, with a mean per weekday. Counts vary
more than a Poisson distribution allows, so the p-value is the tail of a negative binomial distribution. Its variance is
that of earlier windows plus the uncertainty of the expected mean. Over all topics of a night, the false discovery rate
is controlled (Benjamini & Hochberg 1995, Journal of the Royal Statistical Society B 57:289).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import false_discovery_control, nbinom, poisson

#: Number of earlier windows needed to estimate the usual volume.
FEWEST_WINDOWS = 4
#: Mentions added to the baseline, so that a topic without earlier mentions has a positive rate (Jeffreys' prior).
PRIOR = 0.5

Counts = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Volume:
    """Mentions in the window and before it, the expected number, and P(at least `mentions`) if nothing changed.

    `expected` and `p_value` are NaN if there are too few earlier windows.
    """

    mentions: int
    baseline: int
    expected: float
    p_value: float


def volume(daily: Counts, window: int) -> Volume:
    """Compare the last `window` days with the days before.

    Args:
        daily: mentions per day (days,), oldest first; the last is the day before the night.
        window: number of days.
    """
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
    """Benjamini-Hochberg q-values (n,): the smallest false discovery rate that flags the topic; NaN stays NaN."""
    adjusted = np.full(len(p_values), np.nan)
    known = ~np.isnan(p_values)
    if known.any():
        adjusted[known] = false_discovery_control(p_values[known], method="bh")
    return adjusted


def _mean(values: Counts) -> float:
    return float(values.mean()) if len(values) else 0.0


def _tail(mentions: int, expected: float, variance: float) -> float:
    """P(X >= mentions) of a negative binomial distribution; Poisson if the variance is not above the mean."""
    if variance <= expected:
        return float(poisson.sf(mentions - 1, expected))
    return float(nbinom.sf(mentions - 1, expected**2 / (variance - expected), expected / variance))
