"""From Shapley values to shares: how much of what the trees say of a driver shows in answers they have not seen.

Trees that regularise say too little of a driver that works, and a little of one that does not. So the score is
regressed on the Shapley values of customers that a refit had not drawn: the slope of a driver is 1 where its values are
right, above 1 where they are shrunken, about 0 where they are noise (Cox 1958, Biometrika 45:562; Chernozhukov,
Demirer, Duflo & Fernandez-Val 2025, Econometrica 93:1121). A driver counts by its slope times its mean absolute value.
Errors are on the scale of squared shares, which nothing cuts off at 0: where nothing is sure the interval begins there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import t

from ml.booster import SEED

Floats = npt.NDArray[np.float64]
RESAMPLES = 200
#: Values that vary less than this between answers have no slope.
LEAST_SPREAD = 1e-9


@dataclass(frozen=True)
class Calibration:
    """What the Shapley values of one driver are worth.

    `share` is the trees' own (0-1), `scale` what its values are to be multiplied by and `error` the standard error of
    that, `spread` the standard deviation of the squared share between `refits` models.
    """

    share: float
    scale: float
    error: float
    spread: float
    refits: int


def calibrate(
    own: Floats, refits: Floats, is_left_out: npt.NDArray[np.bool_], outcome: Floats, keys: npt.NDArray[Any]
) -> list[Calibration]:
    """A calibration a driver.

    `own` (n, drivers) are the values of the model, `refits` (refits, n, drivers) those of models fitted to draws of
    customers, `is_left_out` (refits, n) where the customer was not in the draw; `keys` says who answered.
    """
    unseen = is_left_out.any(axis=0)
    times = np.maximum(is_left_out.sum(axis=0), 1)[:, None]
    values = (np.einsum("bn,bnd->nd", is_left_out.astype(np.float64), refits) / times)[unseen]
    slopes, errors = _slopes(values, outcome[unseen], keys[unseen])
    strength = np.abs(own).mean(axis=0)
    ratio = np.abs(values).mean(axis=0) / np.where(strength > 0, strength, np.inf)
    spread = np.square([shares(refit) for refit in refits]).std(axis=0, ddof=1)
    rows = zip(shares(own), np.maximum(slopes, 0) * ratio, errors * ratio, spread, strict=True)
    return [
        Calibration(float(share), float(scale), float(error), float(between), len(refits))
        for share, scale, error, between in rows
    ]


def _slopes(values: Floats, outcome: Floats, keys: npt.NDArray[Any]) -> tuple[Floats, Floats]:
    """Slopes of the score on the values of all drivers together, with errors clustered by customer."""
    varies = values.std(axis=0) > LEAST_SPREAD
    design = np.column_stack([np.ones(len(values)), values[:, varies]])
    inverse = np.linalg.pinv(design.T @ design)
    solved = inverse @ (design.T @ outcome)
    moments = design * (outcome - design @ solved)[:, None]
    customers = np.unique(keys.astype(str), return_inverse=True)[1]
    sums = np.zeros((int(customers.max()) + 1, design.shape[1]))
    np.add.at(sums, customers, moments)
    slopes, errors = np.zeros(len(varies)), np.zeros(len(varies))
    slopes[varies] = solved[1:]
    errors[varies] = np.sqrt(np.diag(inverse @ (sums.T @ sums) @ inverse))[1:]
    return slopes, errors


def calibrated(contributions: Floats, calibrations: list[Calibration]) -> tuple[Floats, Floats, Floats]:
    """Share of each driver among these answers with its 95 % interval: (shares, low, high).

    The trees' own where no driver shows in unseen answers.
    """
    scale = np.array([calibration.scale for calibration in calibrations])
    scaled = contributions * scale
    if not np.abs(scaled).sum() > 0:
        scale, scaled = np.ones(len(scale)), contributions
    share = shares(scaled)
    total = np.abs(scaled).mean(axis=0).sum()
    slope = np.abs(contributions).mean(axis=0) * [c.error for c in calibrations] / (total if total > 0 else 1)
    noise = np.square(slope) + np.square(_resampled(np.abs(scaled)))
    width = t.ppf(0.975, calibrations[0].refits - 1) * np.sqrt(
        _refitted(contributions, calibrations) ** 2 + 4 * share**2 * noise + 2 * noise**2
    )
    low, high = np.sqrt(np.maximum(share**2 - width, 0)), np.sqrt(share**2 + width)
    return share, low, np.minimum(high, 1)


def shares(contributions: Floats) -> Floats:
    """Share (0-1) of each driver in all that drivers move: mean |Shapley value| over the sum of all."""
    strength = np.abs(contributions).mean(axis=0)
    total = strength.sum()
    return np.asarray(strength / total if total > 0 else strength)


def _refitted(contributions: Floats, calibrations: list[Calibration]) -> Floats:
    """Spread of the squared shares between refits, as much larger here as the driver is here than among all answers."""
    overall = np.array([calibration.share for calibration in calibrations])
    here = np.where(overall > 0, shares(contributions) / np.where(overall > 0, overall, 1), 1)
    return np.asarray([calibration.spread for calibration in calibrations] * here**2)


def _resampled(strength: Floats) -> Floats:
    """Standard deviation of the shares over resamples of the responses (bootstrap, seeded)."""
    generator, count = np.random.default_rng(SEED), len(strength)
    drawn = generator.multinomial(count, np.full(count, 1 / count), RESAMPLES) @ strength
    totals = drawn.sum(axis=1, keepdims=True)
    return np.asarray((drawn / np.where(totals > 0, totals, 1)).std(axis=0))
