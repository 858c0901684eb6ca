"""The cost of broken promises: points of satisfaction per unit late (or early), and how much delay customers tolerate.

The slope is that of Theil (1950) and Sen (1968, JASA 63:1379) over the mean scores of whole units (days, minutes); each
unit with enough answers counts once. Single answers are not used: scores have five steps, so most pairs of answers have
the same score and the median slope would be 0. A least-squares slope is dominated by the few very late cases.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as t_distribution
from scipy.stats import theilslopes

#: Fewest units from which a slope is estimated.
LEAST_UNITS = 4
_KEY = ("promise", "touchpoint", "segment")
COLUMNS = (
    *(*_KEY, "side", "answer_count", "broken_answer_count", "unit_count", "unit_from", "unit_to", "slope", "slope_low"),
    *("slope_high", "plain_slope", "kept_score", "broken_score", "score_lost", "score_lost_low", "score_lost_high"),
    "tolerated_units",
)


def promise_slopes(answers: pd.DataFrame, bin_answers: float, tolerance_points: float) -> pd.DataFrame:
    """One row per promise, touchpoint, segment and side (late, early); slopes in points per unit.

    Args:
        answers: rows of `features.promise_answers`.
        bin_answers: fewest answers of a unit that counts.
        tolerance_points: loss of score that customers tolerate.
    """
    rows = []
    for key, group in answers.groupby(list(_KEY), sort=True):
        known: dict[str, Any] = dict(zip(_KEY, key, strict=True))
        for side, sign in (("late", 1.0), ("early", -1.0)):
            rows.append(known | {"side": side} | _side(group, sign, bin_answers, tolerance_points))
    return pd.DataFrame(rows, columns=list(COLUMNS)).round(6)


def _side(group: pd.DataFrame, sign: float, bin_answers: float, tolerance_points: float) -> dict[str, Any]:
    units = group.assign(away=sign * group["bin_unit"] + 0.0).query("away >= 0").sort_values("away")
    broken = units[units["away"] > 0]
    kept = group[group["bin_unit"] <= 0] if sign > 0 else units[units["away"] == 0]
    counted = units[units["answer_count"] >= bin_answers]
    row: dict[str, Any] = {
        "answer_count": int(units["answer_count"].sum()),
        "broken_answer_count": int(broken["answer_count"].sum()),
        "unit_count": len(counted),
        "plain_slope": _plain_slope(units, sign),
        **_loss(kept, broken),
        "tolerated_units": _tolerated(kept, counted, tolerance_points),
    }
    if len(counted) >= LEAST_UNITS:
        away, score = counted["away"].to_numpy(float), (counted["score_sum"] / counted["answer_count"]).to_numpy(float)
        fit = theilslopes(score, away, 0.95)
        row |= {"unit_from": away.min(), "unit_to": away.max()}
        row |= {"slope": fit.slope, "slope_low": fit.low_slope, "slope_high": fit.high_slope}
    return row


def _plain_slope(units: pd.DataFrame, sign: float) -> float:
    """Least-squares slope over all answers, for comparison."""
    count = units["answer_count"].sum()
    if len(units) < 2:
        return float("nan")
    away_sum = sign * (units["mean_broken_units"] * units["answer_count"]).sum()
    covariance = sign * units["broken_score_sum"].sum() - away_sum * units["score_sum"].sum() / count
    spread = units["broken_square_sum"].sum() - away_sum**2 / count
    return float(covariance / spread) if spread > 1e-9 else float("nan")


def _loss(kept: pd.DataFrame, broken: pd.DataFrame) -> dict[str, Any]:
    """Mean scores of kept and broken promises, and their difference with Welch's 95 % interval.

    Computed here because the libraries' Welch intervals need single scores; the features have counts and sums.
    """
    (many, good, good_error), (few, bad, bad_error) = _mean(kept), _mean(broken)
    row = {"kept_score": good, "broken_score": bad, "score_lost": good - bad}
    if min(many, few) < 2 or good_error + bad_error == 0:
        return row
    variance = good_error + bad_error
    freedom = variance**2 / (good_error**2 / (many - 1) + bad_error**2 / (few - 1))
    reach = float(t_distribution.ppf(0.975, freedom)) * np.sqrt(variance)
    return row | {"score_lost_low": good - bad - reach, "score_lost_high": good - bad + reach}


def _mean(units: pd.DataFrame) -> tuple[int, float, float]:
    """Number of answers, their mean score, and its squared standard error."""
    count = int(units["answer_count"].sum())
    if not count:
        return 0, float("nan"), 0.0
    mean = float(units["score_sum"].sum()) / count
    variance = max(float(units["score_square_sum"].sum()) - count * mean**2, 0.0) / max(count - 1, 1)
    return count, mean, variance / count


def _tolerated(kept: pd.DataFrame, counted: pd.DataFrame, tolerance_points: float) -> float:
    """The last unit before the first with a significant loss.

    The loss is significant if the upper bound of the unit's mean score is below the mean of kept promises less
    `tolerance_points`.
    """
    _, good, _ = _mean(kept)
    tolerated = float("nan")
    for number in range(len(counted)):
        unit = counted.iloc[[number]]
        count, score, error = _mean(unit)
        upper = score + float(t_distribution.ppf(0.975, max(count - 1, 1))) * np.sqrt(error)
        if upper < good - tolerance_points:
            break
        tolerated = float(unit["away"].iloc[0])
    return tolerated
