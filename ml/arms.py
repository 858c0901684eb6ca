"""Two arms of a randomised test: sizes, means, and their difference with its uncertainty.

The intervals are those of statsmodels and SciPy: Newcombe's for shares (1998, Statistics in Medicine 17:873), Welch's
for means.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import chisquare, ttest_ind_from_stats
from scipy.stats import t as t_distribution
from statsmodels.stats.proportion import confint_proportions_2indep

from ml.lake import read_thresholds
from warehouse.core.settings import Settings


@dataclass(frozen=True)
class Limits:
    """Business numbers of tests, from the seeds `decisions_thresholds` and `shared_thresholds`; shares are 0-1.

    `error_share` is the accepted share of false alarms, `power_share` the wanted chance to find an effect. A test is
    void if its arm sizes have a p value below `sample_ratio_p_value`; arms below `minimum_sample` decide nothing.
    """

    error_share: float
    power_share: float
    sample_ratio_p_value: float
    minimum_sample: float

    @classmethod
    def read(cls, settings: Settings) -> Limits:
        """The numbers of the company."""
        values = read_thresholds(settings, "decisions_thresholds")
        return cls(
            error_share=values["experiment_error_share"],
            power_share=values["experiment_power_share"],
            sample_ratio_p_value=values["sample_ratio_p_value"],
            minimum_sample=values["minimum_sample"],
        )


@dataclass(frozen=True)
class Arm:
    """One arm: `count` customers with a known outcome, their `mean` and `variance`, and the number `assigned`."""

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
        """The arm with these known outcomes (n,)."""
        count = len(values)
        mean = float(values.mean()) if count else float("nan")
        return cls(count, mean, float(values.var(ddof=1)) if count > 1 else float("nan"), assigned)


@dataclass(frozen=True)
class Difference:
    """Treatment less control; `error` is its standard error, `low` and `high` are its interval."""

    effect: float
    error: float
    low: float
    high: float
    p_value: float


def sample_ratio_p_value(treatment: Arm, control: Arm, share: float) -> float:
    """p value of the assigned sizes of the arms, given the planned share of the treatment arm (chi-square test)."""
    total = treatment.assigned + control.assigned
    return float(chisquare([treatment.assigned, control.assigned], [total * share, total * (1 - share)]).pvalue)


def difference(treatment: Arm, control: Arm, is_share: bool, error_share: float) -> Difference | None:
    """Treatment less control, with an interval that misses the truth in `error_share` of all tests.

    Returns:
        None if an arm has fewer than two outcomes. If no outcome varies, the effect without an interval.
    """
    if min(treatment.count, control.count) < 2:
        return None
    squares = treatment.variance / treatment.count, control.variance / control.count
    effect, error = treatment.mean - control.mean, float(np.sqrt(sum(squares)))
    if error == 0:
        return Difference(effect, 0.0, float("nan"), float("nan"), float("nan"))
    spreads = (float(np.sqrt(arm.variance)) for arm in (treatment, control))
    first, second = ((arm.mean, spread, arm.count) for arm, spread in zip((treatment, control), spreads, strict=True))
    p_value = float(ttest_ind_from_stats(*first, *second, equal_var=False).pvalue)
    if is_share:
        low, high = _newcombe(treatment, control, error_share)
    else:  # SciPy's test from summary figures has no interval, so Satterthwaite's degrees of freedom are needed here
        freedom = error**4 / (squares[0] ** 2 / (treatment.count - 1) + squares[1] ** 2 / (control.count - 1))
        low, high = (float(end) for end in t_distribution.interval(1 - error_share, freedom, effect, error))
    return Difference(effect, error, low, high, p_value)


def _newcombe(treatment: Arm, control: Arm, error_share: float) -> tuple[float, float]:
    hits = (arm.mean * arm.count for arm in (treatment, control))
    low, high = confint_proportions_2indep(
        next(hits), treatment.count, next(hits), control.count, method="newcomb", compare="diff", alpha=error_share
    )
    return float(low), float(high)
