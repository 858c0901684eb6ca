"""Two arms of a randomised test compared: sizes, means, and how sure their difference is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import chisquare, norm
from scipy.stats import t as t_distribution


@dataclass(frozen=True)
class Arm:
    """Customers with a known outcome, their mean and variance, and how many were assigned."""

    count: int
    mean: float
    variance: float
    assigned: int

    @classmethod
    def of_sums(cls, rows: pd.DataFrame) -> Arm:
        """The arm of at most one row with `measured_count`, `value_sum`, `value_square_sum` and `assigned_count`."""
        if rows.empty:
            return cls(0, float("nan"), float("nan"), 0)
        row = rows.iloc[0]
        count, total = int(row["measured_count"]), float(row["value_sum"])
        mean = total / count if count else float("nan")
        spread = max(float(row["value_square_sum"]) - total * mean, 0.0) if count else float("nan")
        return cls(count, mean, spread / (count - 1) if count > 1 else float("nan"), int(row["assigned_count"]))

    @classmethod
    def of_values(cls, values: npt.NDArray[np.float64], assigned: int) -> Arm:
        """The arm of known outcomes (n,)."""
        count = len(values)
        mean = float(values.mean()) if count else float("nan")
        return cls(count, mean, float(values.var(ddof=1)) if count > 1 else float("nan"), assigned)


@dataclass(frozen=True)
class Difference:
    """Treatment less control; `error` is its standard error, `low` and `high` its interval."""

    effect: float
    error: float
    low: float
    high: float
    p_value: float


def sample_ratio_p_value(treatment: Arm, control: Arm, share: float) -> float:
    """p value of the sizes of the arms as assigned, against the planned share of the treated (chi-square)."""
    total = treatment.assigned + control.assigned
    return float(chisquare([treatment.assigned, control.assigned], [total * share, total * (1 - share)]).pvalue)


def difference(treatment: Arm, control: Arm, is_share: bool, error_share: float) -> Difference | None:
    """Newcombe's interval of a difference of shares (1998, Statistics in Medicine 17:873), Welch's of means.

    None where an arm has fewer than two outcomes. Where nothing varies there is an effect but no interval.
    """
    if min(treatment.count, control.count) < 2:
        return None
    squares = treatment.variance / treatment.count, control.variance / control.count
    effect, error = treatment.mean - control.mean, float(np.sqrt(sum(squares)))
    if error == 0:
        return Difference(effect, 0.0, float("nan"), float("nan"), float("nan"))
    freedom = error**4 / (squares[0] ** 2 / (treatment.count - 1) + squares[1] ** 2 / (control.count - 1))
    low, high = _interval(treatment, control, is_share, error, freedom, error_share)
    return Difference(effect, error, low, high, float(2 * t_distribution.sf(abs(effect) / error, freedom)))


def _interval(
    treatment: Arm, control: Arm, is_share: bool, error: float, freedom: float, error_share: float
) -> tuple[float, float]:
    effect = treatment.mean - control.mean
    if not is_share:
        reach = float(t_distribution.ppf(1 - error_share / 2, freedom)) * error
        return effect - reach, effect + reach
    (low_t, high_t), (low_c, high_c) = (_wilson(arm, error_share) for arm in (treatment, control))
    below = np.hypot(treatment.mean - low_t, high_c - control.mean)
    above = np.hypot(high_t - treatment.mean, control.mean - low_c)
    return effect - float(below), effect + float(above)


def _wilson(arm: Arm, error_share: float) -> tuple[float, float]:
    z = float(norm.ppf(1 - error_share / 2))
    centre = (arm.mean + z * z / (2 * arm.count)) / (1 + z * z / arm.count)
    reach = z / (1 + z * z / arm.count) * np.sqrt(arm.mean * (1 - arm.mean) / arm.count + z * z / (4 * arm.count**2))
    return centre - float(reach), centre + float(reach)
