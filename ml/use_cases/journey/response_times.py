"""From which first response time on customers lose patience: a line with one bend, and where the bend is.

The outcome is a continuous line with one bend in the logarithm of the minutes (broken-stick regression, Muggeo 2003,
Statistics in Medicine 22:3055), fitted by weighted least squares to cells with their counts and sums. The interval of
the bend is every place that an F test does not tell from the best one (profile likelihood).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import f as f_distribution
from scipy.stats import t as t_distribution

Floats = npt.NDArray[np.float64]
#: Fewer cases or cells than this are not fitted.
LEAST_CASES, LEAST_CELLS = 100, 8
#: A bend is believed below this p value: strict, because its place was searched for (Davies 1987, Biometrika 74:33).
BELIEVED = 0.01
_PLACES = 400
COLUMNS = (
    *("outcome", "case_count", "intercept", "slope_before", "slope_after", "slope_after_low", "slope_after_high"),
    *("knee_log", "knee_minutes", "knee_low", "knee_high", "has_knee", "knee_p_value", "explained_share"),
)


def response_time_fits(cells: pd.DataFrame) -> pd.DataFrame:
    """One row per outcome; slopes are points of the outcome per doubling of the time. Minutes; NaN where not fitted.

    `cells`: rows of `features.response_times`.
    """
    fits = [_fit(rows) | {"outcome": outcome} for outcome, rows in cells.groupby("outcome", sort=True)]
    return pd.DataFrame(fits, columns=list(COLUMNS)).round(6)


def _fit(cells: pd.DataFrame) -> dict[str, Any]:
    time: Floats = cells["mean_log_minutes"].to_numpy(float)
    count: Floats = cells["case_count"].to_numpy(float)
    mean = cells["score_sum"].to_numpy(float) / count
    within = float((cells["score_square_sum"].to_numpy(float) - count * mean**2).sum())
    cases = int(count.sum())
    if cases < LEAST_CASES or len(cells) < LEAST_CELLS:
        return {"case_count": cases, "has_knee": False}
    places = np.linspace(_quantile(time, count, 0.05), _quantile(time, count, 0.95), _PLACES)
    straight = _solve(np.column_stack([np.ones_like(time), time]), mean, count)[1] + within
    tried = [_solve(_bent(time, place), mean, count) for place in places]
    left = np.array([residual for _, residual in tried]) + within
    best = int(left.argmin())
    freedom = cases - 4
    f_value = (straight - left[best]) / 2 / (left[best] / freedom)
    p_value = float(f_distribution.sf(f_value, 2, freedom))
    allowed = places[left <= left[best] * (1 + f_distribution.ppf(0.95, 1, freedom) / freedom)]
    level, before, change = tried[best][0]
    error = _standard_error(_bent(time, places[best]), count, left[best] / freedom, np.array([0.0, 1.0, 1.0]))
    reach = float(t_distribution.ppf(0.975, freedom)) * error
    total = float((count * (mean - np.average(mean, weights=count)) ** 2).sum()) + within
    doubling = np.log(2)
    return {
        "case_count": cases,
        "intercept": level,
        "slope_before": before * doubling,
        "slope_after": (before + change) * doubling,
        "slope_after_low": (before + change - reach) * doubling,
        "slope_after_high": (before + change + reach) * doubling,
        "knee_log": places[best],
        "knee_minutes": np.expm1(places[best]),
        "knee_low": np.expm1(allowed.min()),
        "knee_high": np.expm1(allowed.max()),
        "has_knee": bool(p_value < BELIEVED and change < 0),
        "knee_p_value": p_value,
        "explained_share": float(np.clip(1 - left[best] / total, 0, 1)) if total > 0 else np.nan,
    }


def _bent(time: Floats, place: float) -> Floats:
    return np.column_stack([np.ones_like(time), time, np.maximum(time - place, 0)])


def _solve(design: Floats, mean: Floats, count: Floats) -> tuple[Floats, float]:
    """Coefficients and the weighted sum of squares that is left."""
    root = np.sqrt(count)
    coefficients: Floats = np.asarray(
        np.linalg.lstsq(design * root[:, None], mean * root, rcond=None)[0], dtype=np.float64
    )
    return coefficients, float((count * (mean - design @ coefficients) ** 2).sum())


def _standard_error(design: Floats, count: Floats, variance: float, contrast: Floats) -> float:
    inverse = np.linalg.pinv(design.T @ (design * count[:, None]))
    return float(np.sqrt(max(float(variance * contrast @ inverse @ contrast), 0.0)))


def _quantile(values: Floats, weights: Floats, share: float) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order]) / weights.sum()
    position = min(int(np.searchsorted(reached, share)), len(values) - 1)
    return float(values[order][position])
