"""Distance between tonight's data and the training data, and the expected quality of a model without labels."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2

from ml.classifier.reference import counts_of

Floats = npt.NDArray[np.floating]

#: Share of an empty bin, so that the index stays finite.
LEAST_SHARE = 1e-4
#: A shift counts if samples of one population would give it in at most 1 of 1000 cases.
CONFIDENCE = 0.999


def shares_of(reference: dict[str, Any], values: Floats) -> tuple[npt.NDArray[np.float64], float]:
    """Shares (0-1) of all values per bin or category of a reference (bins,), and the share of missing values."""
    known = values[~np.isnan(values)]
    count = max(len(values), 1)
    return counts_of(reference, known) / count, (len(values) - len(known)) / count


def stability_index(expected: Floats, found: Floats) -> float:
    """Population stability index: sum over bins of (found - expected) x ln(found / expected).

    Siddiqi, Credit Risk Scorecards (2006), ch. 8. 0 is no shift; it is symmetric.
    """
    before, now = (np.maximum(shares.astype(np.float64), LEAST_SHARE) for shares in (expected, found))
    return float(np.sum((now - before) * np.log(now / before)))


def random_stability_index(bins: int, rows_before: int, rows: int) -> float:
    """The index that two samples of one population exceed in 1 of 1000 cases.

    It is about chi-square(bins - 1) x (1/n + 1/m): Yurdakul and Naranjo (2020), Statistical properties of the
    population stability index, Journal of Risk Model Validation 14(4).
    """
    if bins < 2 or not rows or not rows_before:
        return math.inf
    return float(chi2.ppf(CONFIDENCE, bins - 1) * (1 / rows_before + 1 / rows))


def estimated_auc(probabilities: Floats) -> float | None:
    """Expected area under the ROC curve of calibrated probabilities (n,), without labels; None if all are equal.

    Confidence-based performance estimation: each customer counts as p of a positive and 1 - p of a negative (Bialek et
    al. 2024, Estimating Model Performance Under Covariate Shift Without Labels, arXiv:2401.08348). The estimate is
    only as good as the calibration of the probabilities.
    """
    if len(probabilities) < 2 or probabilities.min() == probabilities.max():
        return None
    values, counts = np.unique(probabilities.astype(np.float64), return_counts=True)
    positives, negatives = values * counts, (1 - values) * counts
    below = np.cumsum(negatives) - negatives
    total = positives.sum() * negatives.sum()
    return float(np.sum(positives * (below + negatives / 2)) / total) if total > 0 else None
