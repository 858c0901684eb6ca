"""Recalibration, so that of all predictions of 20 % about 20 % come true.

Beta calibration (Kull, Silva Filho & Flach 2017, AISTATS): logit p' = level + rising * ln p - falling * ln(1 - p).
Logistic calibration (Platt 1999) is the case rising = falling. Three parameters do not overfit small slices as isotonic
regression does, and positive weights keep the ranking.

The *shape* (rising, falling) is fitted on rows left out of the model's fit; a penalty pulls both weights towards 1 (no
change). The *level* follows the base rate of all snapshots, each with the same weight: label windows of one season
overlap and are hardly more than one observation, so no single snapshot may set the level.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

#: The level is searched between -4 and 4 times this.
MOST_LOGIT = 12.0
#: Bounds of `rising` and `falling`.
LEAST, MOST = 0.3, 2.0
#: L2 penalty on the distance of `rising` and `falling` from 1, in units of the log-likelihood of one example.
PENALTY = 10.0


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
    """Fit the calibration to rows left out of the model's fit, by penalised maximum likelihood (Newton's method)."""
    rising, falling = _logarithms(probabilities)
    design = np.column_stack([np.ones_like(rising), rising, falling])
    weights, penalty = np.array([0.0, 1.0, 1.0]), np.diag([1e-6, PENALTY, PENALTY])
    for _ in range(50):
        fitted = _sigmoid(design @ weights)
        information = design.T @ (design * (fitted * (1 - fitted))[:, None]) + penalty
        slope = design.T @ (truth - fitted) - penalty @ (weights - np.array([0.0, 1.0, 1.0]))
        step = np.linalg.solve(information, slope)
        weights = weights + np.clip(step, -1.0, 1.0)
        if float(np.abs(step).max()) < 1e-9:
            break
    bounded = np.clip(weights[1:], LEAST, MOST)
    return at_level(Calibration(float(bounded[0]), float(bounded[1])), probabilities, truth)


def at_level(
    calibration: Calibration, probabilities: Floats, truth: Floats, groups: npt.NDArray[np.int64] | None = None
) -> Calibration:
    """The calibration with this shape whose mean over these rows equals their base rate (by bisection).

    With `groups` (n,), every group has the same weight in both means; without, every row has.
    """
    logits, weights = calibration.shape(probabilities), np.ones(len(truth))
    if groups is not None:
        _, members, counts = np.unique(groups, return_inverse=True, return_counts=True)
        weights = 1.0 / counts[members]
    base_rate = float(np.average(truth, weights=weights))
    low, high = -4 * MOST_LOGIT, 4 * MOST_LOGIT
    for _ in range(60):
        middle = (low + high) / 2
        mean = float(np.average(_sigmoid(middle + logits), weights=weights))
        low, high = (middle, high) if mean < base_rate else (low, middle)
    return replace(calibration, level=(low + high) / 2)


def _logarithms(probabilities: Floats) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    clipped = np.clip(probabilities.astype(np.float64), 1e-5, 1 - 1e-5)
    return np.log(clipped), -np.log(1 - clipped)


def _sigmoid(logits: Floats) -> npt.NDArray[np.float64]:
    return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float64)
