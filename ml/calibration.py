"""Recalibration: scores that say 20 % come true 20 % of the time.

Logistic recalibration (Platt 1999; Cox 1958): logit p' = level + slope * logit p. Two numbers, so it cannot bend
itself around noise as isotonic regression does on small slices, and it keeps the ranking. The *slope* is learnt from
predictions of rows the model has not seen. The *level* is the base rate of all nights learnt from, where there are many
nights: label windows that overlap are hardly more than one observation of how this season differs from that one, so the
last one must not be carried over to the next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

MOST_LOGIT = 12.0


@dataclass(frozen=True)
class Calibration:
    """logit p' = level + slope * logit p."""

    slope: float = 1.0
    level: float = 0.0

    def __call__(self, probabilities: Floats) -> npt.NDArray[np.float64]:
        return _sigmoid(self.level + self.slope * _logit(probabilities))


def fit_slope(truth: Floats, probabilities: Floats) -> Calibration:
    """Slope and level by maximum likelihood (Newton's method) on rows the model has not seen.

    A slope outside 0.5 to 1.5 is more likely a small sample than the truth, and is cut there.
    """
    logits = _logit(probabilities)
    design = np.column_stack([np.ones_like(logits), logits])
    weights = np.array([0.0, 1.0])
    for _ in range(25):
        fitted = _sigmoid(design @ weights)
        information = design.T @ (design * (fitted * (1 - fitted))[:, None]) + 1e-6 * np.eye(2)
        step = np.linalg.solve(information, design.T @ (truth - fitted))
        weights = weights + np.clip(step, -2.0, 2.0)
        if float(np.abs(step).max()) < 1e-9:
            break
    slope = float(np.clip(weights[1], 0.5, 1.5))
    return at_level(slope, probabilities, float(truth.mean()))


def at_level(slope: float, probabilities: Floats, base_rate: float) -> Calibration:
    """The calibration of this slope whose mean over these probabilities is the base rate (by bisection)."""
    logits = slope * _logit(probabilities)
    low, high = -2 * MOST_LOGIT, 2 * MOST_LOGIT
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _sigmoid(middle + logits).mean() < base_rate else (low, middle)
    return Calibration(slope, (low + high) / 2)


def _logit(probabilities: Floats) -> npt.NDArray[np.float64]:
    clipped = np.clip(probabilities.astype(np.float64), 1e-5, 1 - 1e-5)
    return np.asarray(np.clip(np.log(clipped / (1 - clipped)), -MOST_LOGIT, MOST_LOGIT))


def _sigmoid(logits: Floats) -> npt.NDArray[np.float64]:
    return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float64)
