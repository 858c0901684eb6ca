"""How far tonight is from training, and how good a model can be expected to be before labels are known."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2

from ml.classifier.reference import counts_of

Floats = npt.NDArray[np.floating]

#: A bin that nobody is in counts as this share, so that the index stays finite.
LEAST_SHARE = 1e-4
#: A shift that so seldom (1 in 1000) comes by chance is one.
CONFIDENCE = 0.999


def shares_of(reference: dict[str, Any], values: Floats) -> tuple[npt.NDArray[np.float64], float]:
    """Shares (0-1) of all values in each bin or category of a reference, and of those that are missing."""
    known = values[~np.isnan(values)]
    count = max(len(values), 1)
    return counts_of(reference, known) / count, (len(values) - len(known)) / count


def stability_index(expected: Floats, found: Floats) -> float:
    """Population stability index: sum over bins of (found - expected) x ln(found / expected).

    Siddiqi, Credit Risk Scorecards (2006), ch. 8. 0 is no shift; it is symmetric.
    """
    before, now = (np.maximum(shares.astype(np.float64), LEAST_SHARE) for shares in (expected, found))
    return float(np.sum((now - before) * np.log(now / before)))


def stability_by_chance(bins: int, rows_before: int, rows: int) -> float:
    """What the index of two samples of one population exceeds once in 1000 times.

    It is about chi-square(bins - 1) x (1/n + 1/m): Yurdakul and Naranjo (2020), Statistical properties of the
    population stability index, Journal of Risk Model Validation 14(4).
    """
    if bins < 2 or not rows or not rows_before:
        return math.inf
    return float(chi2.ppf(CONFIDENCE, bins - 1) * (1 / rows_before + 1 / rows))


def estimated_auc(probabilities: Floats) -> float | None:
    """Area under the ROC curve that calibrated probabilities lead to expect, before any label is known.

    Confidence-based performance estimation: each customer counts as p of a positive and 1 - p of a negative (Bialek et
    al. 2024, Estimating Model Performance Under Covariate Shift Without Labels, arXiv:2401.08348). It holds as far as
    the probabilities are right. None where all are the same.
    """
    if len(probabilities) < 2 or probabilities.min() == probabilities.max():
        return None
    values, counts = np.unique(probabilities.astype(np.float64), return_counts=True)
    positives, negatives = values * counts, (1 - values) * counts
    below = np.cumsum(negatives) - negatives
    total = positives.sum() * negatives.sum()
    return float(np.sum(positives * (below + negatives / 2)) / total) if total > 0 else None
