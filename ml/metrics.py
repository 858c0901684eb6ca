"""Quality figures of probabilities: scikit-learn's where it has them, else by their published formula."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.stats import norm
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

Floats = npt.NDArray[np.floating]

BINS = 10
Z95 = float(norm.ppf(0.975))


def auc(truth: Floats, scores: Floats) -> float:
    """Area under the ROC curve: the probability that a positive is scored above a negative (0-1)."""
    return float(roc_auc_score(truth, scores))


def average_precision(truth: Floats, scores: Floats) -> float:
    """Mean precision over the positives, each at its own score (0-1); equal scores are one threshold."""
    return float(average_precision_score(truth, scores))


def auc_interval(truth: Floats, area: float) -> tuple[float, float]:
    """95 % interval of the AUC `area` on these rows (Hanley & McNeil 1982, Radiology 143:29)."""
    positives = float(truth.sum())
    negatives = len(truth) - positives
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + (positives - 1) * (q1 - area**2) + (negatives - 1) * (q2 - area**2)
    margin = Z95 * math.sqrt(max(variance, 0.0) / (positives * negatives))
    return max(0.0, area - margin), min(1.0, area + margin)


def expected_calibration_error(truth: Floats, scores: Floats, bins: int = BINS) -> float:
    """Expected calibration error over bins of equal count: mean |share of positives - mean score| (0-1)."""
    curve = calibration_curve(truth, scores, bins)
    return float(sum(count * abs(observed - predicted) for predicted, observed, count in curve) / len(truth))


def calibration_curve(truth: Floats, scores: Floats, bins: int = BINS) -> list[tuple[float, float, int]]:
    """(mean score, share of positives, count) of each bin of equal count, lowest scores first."""
    order = np.argsort(scores, kind="stable")
    groups = [group for group in np.array_split(order, bins) if len(group)]
    return [(float(scores[group].mean()), float(truth[group].mean()), len(group)) for group in groups]


def lift(truth: Floats, scores: Floats, share: float = 0.1) -> float:
    """Share of positives among the top `share` of scores, divided by the share of positives overall."""
    top = np.argsort(-scores, kind="stable")[: max(1, round(len(scores) * share))]
    return float(truth[top].mean() / truth.mean())


def deciles(scores: Floats, keys: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    """Decile of each score (n,), 10 the highest; ties are broken by key."""
    order = np.lexsort((keys.astype(str), -scores))
    decile = np.empty(len(scores), dtype=np.int64)
    decile[order] = 10 - (10 * np.arange(len(scores))) // max(len(scores), 1)
    return decile


def classification_metrics(truth: Floats, scores: Floats) -> dict[str, float]:
    """All figures of probabilities on one slice, with its size."""
    area = auc(truth, scores)
    low, high = auc_interval(truth, area)
    return {
        "auc": area,
        "auc_low": low,
        "auc_high": high,
        "pr_auc": average_precision(truth, scores),
        "brier": float(brier_score_loss(truth, scores)),
        "calibration_error": expected_calibration_error(truth, scores),
        "lift_top_decile": lift(truth, scores),
        "base_rate": float(truth.mean()),
        "mean_probability": float(scores.mean()),
        "n": float(len(truth)),
        "positives": float(truth.sum()),
    }
