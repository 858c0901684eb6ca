"""Turns Shapley values into shares of the drivers, calibrated on responses that a model was not trained on.

Regularised trees understate drivers that have an effect and give a small share to drivers that have none. Therefore the
score is regressed on the Shapley values of customers that a refit did not draw. The slope of a driver is 1 if its
values are right, above 1 if they are too small, and about 0 if they are noise (Cox 1958, Biometrika 45:562;
Chernozhukov, Demirer, Duflo & Fernandez-Val 2025, Econometrica 93:1121). The strength of a driver is its slope times
its mean absolute Shapley value. Errors are computed for squared shares, which have no bound at 0; the interval of a
driver without a clear effect then begins at 0.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import t
from statsmodels.regression.linear_model import OLS

from ml.booster import SEED
from ml.drivers.model import Calibration
from ml.resampling import draw_counts

Floats = npt.NDArray[np.float64]
RESAMPLES = 200
#: A driver whose Shapley values have a smaller standard deviation gets no slope.
LEAST_SPREAD = 1e-9


def calibrate(
    own: Floats, refits: Floats, is_left_out: npt.NDArray[np.bool_], outcome: Floats, keys: npt.NDArray[Any]
) -> list[Calibration]:
    """One calibration per driver.

    Args:
        own: Shapley values of the model (n, drivers).
        refits: Shapley values of the models fitted to resampled customers (refits, n, drivers).
        is_left_out: whether the customer of a response was not drawn (refits, n).
        outcome: scores (n,).
        keys: the person behind each response (n,).
    """
    tested = is_left_out.any(axis=0)
    times = np.maximum(is_left_out.sum(axis=0), 1)[:, None]
    values = (np.einsum("bn,bnd->nd", is_left_out.astype(np.float64), refits) / times)[tested]
    slopes, errors = _slopes(values, outcome[tested], keys[tested])
    strength = np.abs(own).mean(axis=0)
    ratio = np.abs(values).mean(axis=0) / np.where(strength > 0, strength, np.inf)
    spread = np.square([shares(refit) for refit in refits]).std(axis=0, ddof=1)
    rows = zip(shares(own), np.maximum(slopes, 0) * ratio, errors * ratio, spread, strict=True)
    return [
        Calibration(float(share), float(scale), float(error), float(between), len(refits))
        for share, scale, error, between in rows
    ]


def _slopes(values: Floats, outcome: Floats, keys: npt.NDArray[Any]) -> tuple[Floats, Floats]:
    """Slopes of the score on the values of all drivers together, and standard errors clustered by customer."""
    varies = values.std(axis=0) > LEAST_SPREAD
    design = np.column_stack([np.ones(len(values)), values[:, varies]])
    customers = np.unique(keys.astype(str), return_inverse=True)[1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # collinear drivers share their slope
        fitted = OLS(outcome, design).fit(cov_type="cluster", cov_kwds={"groups": customers, "use_correction": False})
    slopes, errors = np.zeros(len(varies)), np.zeros(len(varies))
    slopes[varies], errors[varies] = fitted.params[1:], fitted.bse[1:]
    return slopes, errors


def calibrated(contributions: Floats, calibrations: list[Calibration]) -> tuple[Floats, Floats, Floats]:
    """Shares (drivers,) among some responses with their 95 % interval: (shares, low, high).

    If no driver has a positive scale, the uncalibrated shares.

    Args:
        contributions: Shapley values of the responses (n, drivers).
        calibrations: one per driver.
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
    """Share (0-1) of each driver: its mean absolute Shapley value over the sum of those of all drivers."""
    strength = np.abs(contributions).mean(axis=0)
    total = strength.sum()
    return np.asarray(strength / total if total > 0 else strength)


def _refitted(contributions: Floats, calibrations: list[Calibration]) -> Floats:
    """Standard deviation of the squared shares between refits, rescaled to the driver's size in these responses."""
    overall = np.array([calibration.share for calibration in calibrations])
    relative = np.where(overall > 0, shares(contributions) / np.where(overall > 0, overall, 1), 1)
    return np.asarray([calibration.spread for calibration in calibrations] * relative**2)


def _resampled(strength: Floats) -> Floats:
    """Standard deviation of the shares over resamples of the responses (bootstrap, seeded)."""
    drawn = draw_counts(len(strength), RESAMPLES, SEED) @ strength
    totals = drawn.sum(axis=1, keepdims=True)
    return np.asarray((drawn / np.where(totals > 0, totals, 1)).std(axis=0))
