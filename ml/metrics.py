"""How good probabilities are, each figure by its published formula."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

Floats = npt.NDArray[np.floating]

BINS = 10
Z95 = 1.959963984540054


def auc(truth: Floats, scores: Floats) -> float:
    """Area under the ROC curve: the chance that a positive is scored above a negative (0-1)."""
    positives = float(truth.sum())
    negatives = len(truth) - positives
    above = float(rankdata(scores)[truth > 0].sum()) - positives * (positives + 1) / 2
    return above / (positives * negatives)


def average_precision(truth: Floats, scores: Floats) -> float:
    """Mean precision over the positives, each at its own score (0-1)."""
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.diff(scores[order]) != 0, True)  # equal scores are one threshold
    found = np.cumsum(truth[order])[last]
    precision = found / (np.flatnonzero(last) + 1)
    return float(np.sum(np.diff(found, prepend=0.0) * precision) / found[-1])


def auc_interval(truth: Floats, scores: Floats) -> tuple[float, float]:
    """95 % interval of the AUC (Hanley & McNeil 1982, Radiology 143:29)."""
    area, positives = auc(truth, scores), float(truth.sum())
    negatives = len(truth) - positives
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + (positives - 1) * (q1 - area**2) + (negatives - 1) * (q2 - area**2)
    margin = Z95 * math.sqrt(max(variance, 0.0) / (positives * negatives))
    return max(0.0, area - margin), min(1.0, area + margin)


def expected_calibration_error(truth: Floats, scores: Floats, bins: int = BINS) -> float:
    """Expected calibration error over bins of equal count: mean |share that happened - mean score| (0-1)."""
    return float(
        sum(count * abs(happened - said) for said, happened, count in calibration_curve(truth, scores, bins))
        / len(truth)
    )


def calibration_curve(truth: Floats, scores: Floats, bins: int = BINS) -> list[tuple[float, float, int]]:
    """(mean score, share that happened, count) of each bin of equal count, lowest scores first."""
    order = np.argsort(scores, kind="stable")
    groups = [group for group in np.array_split(order, bins) if len(group)]
    return [(float(scores[group].mean()), float(truth[group].mean()), len(group)) for group in groups]


def lift(truth: Floats, scores: Floats, share: float = 0.1) -> float:
    """How many times more often it happens among the top `share` of scores than overall."""
    top = np.argsort(-scores, kind="stable")[: max(1, round(len(scores) * share))]
    return float(truth[top].mean() / truth.mean())


def deciles(scores: Floats, keys: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    """Decile of each score, 10 the highest; ties are broken by key, so that it is the same every time."""
    order = np.lexsort((keys.astype(str), -scores))
    decile = np.empty(len(scores), dtype=np.int64)
    decile[order] = 10 - (10 * np.arange(len(scores))) // max(len(scores), 1)
    return decile


def classification_metrics(truth: Floats, scores: Floats) -> dict[str, float]:
    """All figures of a probability model on one slice, with its size."""
    low, high = auc_interval(truth, scores)
    return {
        "auc": auc(truth, scores),
        "auc_low": low,
        "auc_high": high,
        "pr_auc": average_precision(truth, scores),
        "brier": float(np.mean((scores - truth) ** 2)),
        "calibration_error": expected_calibration_error(truth, scores),
        "lift_top_decile": lift(truth, scores),
        "base_rate": float(truth.mean()),
        "mean_probability": float(scores.mean()),
        "n": float(len(truth)),
        "positives": float(truth.sum()),
    }
