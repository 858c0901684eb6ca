"""Recalibration: scores that say 20 % come true 20 % of the time.

Beta calibration (Kull, Silva Filho & Flach 2017, AISTATS): logit p' = level + rising * ln p - falling * ln(1 - p). It
holds the logistic one (Platt 1999) as rising = falling, and bends where a model is surer of one side than of the other;
with three numbers it cannot bend itself around noise as isotonic regression does on small slices, and where both
weights are positive it keeps the ranking. The *shape* is learnt from predictions of rows the model has not seen, held
back towards no change. The *level* is the base rate of all nights learnt from, each night counting alike, where there
are many nights: label windows that overlap are hardly more than one observation of how this season differs from that
one, so the last one must not be carried over to the next, nor the nights with most customers to all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

MOST_LOGIT = 12.0
LEAST, MOST = 0.3, 2.0
#: Strength with which the shape is held to no change, in units of one example's log likelihood.
HELD = 10.0


@dataclass(frozen=True)
class Calibration:
    """logit p' = level + rising * ln p - falling * ln(1 - p)."""

    rising: float = 1.0
    falling: float = 1.0
    level: float = 0.0

    def __call__(self, probabilities: Floats) -> npt.NDArray[np.float64]:
        return _sigmoid(self.level + self.shape(probabilities))

    def shape(self, probabilities: Floats) -> npt.NDArray[np.float64]:
        """Log odds (n,) without the level."""
        rising, falling = _logarithms(probabilities)
        return np.asarray(self.rising * rising + self.falling * falling)


def fit_shape(truth: Floats, probabilities: Floats) -> Calibration:
    """The calibration of these rows, unseen by the model, by penalised maximum likelihood (Newton's method)."""
    rising, falling = _logarithms(probabilities)
    design = np.column_stack([np.ones_like(rising), rising, falling])
    weights, held = np.array([0.0, 1.0, 1.0]), np.diag([1e-6, HELD, HELD])
    for _ in range(50):
        fitted = _sigmoid(design @ weights)
        information = design.T @ (design * (fitted * (1 - fitted))[:, None]) + held
        slope = design.T @ (truth - fitted) - held @ (weights - np.array([0.0, 1.0, 1.0]))
        step = np.linalg.solve(information, slope)
        weights = weights + np.clip(step, -1.0, 1.0)
        if float(np.abs(step).max()) < 1e-9:
            break
    bounded = np.clip(weights[1:], LEAST, MOST)
    return at_level(Calibration(float(bounded[0]), float(bounded[1])), probabilities, truth)


def at_level(
    calibration: Calibration, probabilities: Floats, truth: Floats, groups: npt.NDArray[np.int64] | None = None
) -> Calibration:
    """The calibration of this shape whose mean over these rows is what happened there (by bisection).

    Each of `groups` (n,) counts alike in both means; without them each row does.
    """
    logits, weights = calibration.shape(probabilities), np.ones(len(truth))
    if groups is not None:
        _, members, counts = np.unique(groups, return_inverse=True, return_counts=True)
        weights = 1.0 / counts[members]
    base_rate = float(np.average(truth, weights=weights))
    low, high = -4 * MOST_LOGIT, 4 * MOST_LOGIT
    for _ in range(60):
        middle = (low + high) / 2
        said = float(np.average(_sigmoid(middle + logits), weights=weights))
        low, high = (middle, high) if said < base_rate else (low, middle)
    return replace(calibration, level=(low + high) / 2)


def _logarithms(probabilities: Floats) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    clipped = np.clip(probabilities.astype(np.float64), 1e-5, 1 - 1e-5)
    return np.log(clipped), -np.log(1 - clipped)


def _sigmoid(logits: Floats) -> npt.NDArray[np.float64]:
    return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float64)
