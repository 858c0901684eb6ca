"""The first response time from which satisfaction falls: a piecewise linear fit with one knee.

The outcome is a continuous piecewise linear function of the logarithm of the minutes (broken-stick regression, Muggeo
2003, Statistics in Medicine 22:3055). It is fitted by weighted least squares to cells, which hold counts and sums. The
interval of the knee holds every position that an F test does not reject against the best one (profile likelihood).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import f as f_distribution
from scipy.stats import t as t_distribution

Floats = npt.NDArray[np.float64]
#: Fewest cases and fewest cells of a fit.
LEAST_CASES, LEAST_CELLS = 100, 8
#: A knee is significant below this p-value: strict, because its position was searched for (Davies 1987, Biometrika
#: 74:33).
SIGNIFICANT = 0.01
_POSITIONS = 400
COLUMNS = (
    *("outcome", "case_count", "intercept", "slope_before", "slope_after", "slope_after_low", "slope_after_high"),
    *("knee_log", "knee_minutes", "knee_low", "knee_high", "has_knee", "knee_p_value", "explained_share"),
)


def response_time_fits(cells: pd.DataFrame) -> pd.DataFrame:
    """One row per outcome; slopes are points of the outcome per doubling of the time, the knee is in minutes.

    NaN if there are too few cases or cells for a fit.

    Args:
        cells: rows of `features.response_times`.
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
    positions = np.linspace(_quantile(time, count, 0.05), _quantile(time, count, 0.95), _POSITIONS)
    straight = _solve(np.column_stack([np.ones_like(time), time]), mean, count)[1] + within
    tried = [_solve(_with_knee(time, position), mean, count) for position in positions]
    residual = np.array([squares for _, squares in tried]) + within
    best = int(residual.argmin())
    freedom = cases - 4
    f_value = (straight - residual[best]) / 2 / (residual[best] / freedom)
    p_value = float(f_distribution.sf(f_value, 2, freedom))
    allowed = positions[residual <= residual[best] * (1 + f_distribution.ppf(0.95, 1, freedom) / freedom)]
    level, before, change = tried[best][0]
    error = _standard_error(
        _with_knee(time, positions[best]), count, residual[best] / freedom, np.array([0.0, 1.0, 1.0])
    )
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
        "knee_log": positions[best],
        "knee_minutes": np.expm1(positions[best]),
        "knee_low": np.expm1(allowed.min()),
        "knee_high": np.expm1(allowed.max()),
        "has_knee": bool(p_value < SIGNIFICANT and change < 0),
        "knee_p_value": p_value,
        "explained_share": float(np.clip(1 - residual[best] / total, 0, 1)) if total > 0 else np.nan,
    }


def _with_knee(time: Floats, position: float) -> Floats:
    """Design matrix (cells, 3): constant, time, and the time beyond the knee."""
    return np.column_stack([np.ones_like(time), time, np.maximum(time - position, 0)])


def _solve(design: Floats, mean: Floats, count: Floats) -> tuple[Floats, float]:
    """Coefficients of the weighted least-squares fit and its residual sum of squares."""
    root = np.sqrt(count)
    coefficients: Floats = np.asarray(
        np.linalg.lstsq(design * root[:, None], mean * root, rcond=None)[0], dtype=np.float64
    )
    return coefficients, float((count * (mean - design @ coefficients) ** 2).sum())


def _standard_error(design: Floats, count: Floats, variance: float, contrast: Floats) -> float:
    """Standard error of a linear combination of the coefficients."""
    inverse = np.linalg.pinv(design.T @ (design * count[:, None]))
    return float(np.sqrt(max(float(variance * contrast @ inverse @ contrast), 0.0)))


def _quantile(values: Floats, weights: Floats, share: float) -> float:
    """Weighted quantile."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order]) / weights.sum()
    position = min(int(np.searchsorted(reached, share)), len(values) - 1)
    return float(values[order][position])
