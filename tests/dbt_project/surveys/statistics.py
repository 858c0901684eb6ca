"""Textbook formulas, implemented independently of the models."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

Z = 1.96


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """Wilson (1927), by solving |p - share| = z sqrt(p (1 - p) / n) for p."""
    share = successes / trials
    roots = np.roots([1 + Z**2 / trials, -(2 * share + Z**2 / trials), share**2])
    low, high = sorted(roots.real)
    return float(max(low, 0)), float(min(high, 1))


def adjusted_wald(scores: Sequence[float]) -> tuple[float, float]:
    """Interval of a net promoter score from -100, 0, 100, with three passive-centred answers added (Rocks 2016)."""
    padded = np.concatenate([np.asarray(scores, dtype=float), [100, -100] * 3, [0, 0] * 3])
    weights = np.concatenate([np.ones(len(scores)), np.full(6, 0.25), np.full(6, 0.25)])
    centre = float(np.average(padded, weights=weights))
    error = float(np.sqrt(np.average((padded - centre) ** 2, weights=weights) / weights.sum()))
    return max(centre - Z * error, -100), min(centre + Z * error, 100)


def normal(values: Sequence[float]) -> tuple[float, float]:
    centre, error = float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(len(values)))
    return centre - Z * error, centre + Z * error


def student(values: Sequence[float]) -> tuple[float, float]:
    low, high = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    return float(low), float(high)


def median_interval(values: Sequence[float]) -> tuple[float, float]:
    """Interval of a median: order statistics at n / 2 - 0.98 sqrt(n) and its mirror (Conover 1999)."""
    ordered, number = sorted(values), len(values)
    low = max(int(np.floor(number / 2 - Z * np.sqrt(number) / 2)), 1)
    return ordered[low - 1], ordered[number - low]
