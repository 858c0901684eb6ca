"""What a broken promise costs: points of satisfaction per unit late (and early), and how much customers tolerate.

The slope is that of Theil (1950) and Sen (1968, JASA 63:1379) over the mean scores of whole units, each unit that
enough answers speak for counting once. Single answers will not do: scores are five steps, so most pairs of answers tie
and the median slope of pairs is 0; and a plain slope is that of the few very late cases, which are as unhappy as the
merely late.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as t_distribution
from scipy.stats import theilslopes

#: Units that a slope needs.
LEAST_UNITS = 4
_KEY = ("promise", "touchpoint", "segment")
COLUMNS = (
    *(*_KEY, "side", "answer_count", "broken_answer_count", "unit_count", "unit_from", "unit_to", "slope", "slope_low"),
    *("slope_high", "plain_slope", "kept_score", "broken_score", "score_lost", "score_lost_low", "score_lost_high"),
    "tolerated_units",
)


def promise_slopes(answers: pd.DataFrame, bin_answers: float, tolerance_points: float) -> pd.DataFrame:
    """One row per promise, touchpoint, segment and side; slopes in points per unit away from the promise.

    `answers`: rows of `features.promise_answers`. `bin_answers`: answers that a unit needs to count.
    `tolerance_points`: the loss that is tolerated.
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
    spoken = units[units["answer_count"] >= bin_answers]
    row: dict[str, Any] = {
        "answer_count": int(units["answer_count"].sum()),
        "broken_answer_count": int(broken["answer_count"].sum()),
        "unit_count": len(spoken),
        "plain_slope": _plain_slope(units, sign),
        **_loss(kept, broken),
        "tolerated_units": _tolerated(kept, spoken, tolerance_points),
    }
    if len(spoken) >= LEAST_UNITS:
        away, score = spoken["away"].to_numpy(float), (spoken["score_sum"] / spoken["answer_count"]).to_numpy(float)
        fit = theilslopes(score, away, 0.95)
        row |= {"unit_from": away.min(), "unit_to": away.max()}
        row |= {"slope": fit.slope, "slope_low": fit.low_slope, "slope_high": fit.high_slope}
    return row


def _plain_slope(units: pd.DataFrame, sign: float) -> float:
    """Least squares over all answers, for comparison."""
    count = units["answer_count"].sum()
    if len(units) < 2:
        return float("nan")
    away_sum = sign * (units["mean_broken_units"] * units["answer_count"]).sum()
    covariance = sign * units["broken_score_sum"].sum() - away_sum * units["score_sum"].sum() / count
    spread = units["broken_square_sum"].sum() - away_sum**2 / count
    return float(covariance / spread) if spread > 1e-9 else float("nan")


def _loss(kept: pd.DataFrame, broken: pd.DataFrame) -> dict[str, Any]:
    """Mean scores of kept and broken promises and their difference with Welch's interval."""
    (many, good, good_error), (few, bad, bad_error) = _mean(kept), _mean(broken)
    row = {"kept_score": good, "broken_score": bad, "score_lost": good - bad}
    if min(many, few) < 2 or good_error + bad_error == 0:
        return row
    variance = good_error + bad_error
    freedom = variance**2 / (good_error**2 / (many - 1) + bad_error**2 / (few - 1))
    reach = float(t_distribution.ppf(0.975, freedom)) * np.sqrt(variance)
    return row | {"score_lost_low": good - bad - reach, "score_lost_high": good - bad + reach}


def _mean(units: pd.DataFrame) -> tuple[int, float, float]:
    """Answers, their mean score, and the squared standard error of it."""
    count = int(units["answer_count"].sum())
    if not count:
        return 0, float("nan"), 0.0
    mean = float(units["score_sum"].sum()) / count
    variance = max(float(units["score_square_sum"].sum()) - count * mean**2, 0.0) / max(count - 1, 1)
    return count, mean, variance / count


def _tolerated(kept: pd.DataFrame, spoken: pd.DataFrame, tolerance_points: float) -> float:
    """The last unit before the first whose mean score is surely worse than a kept promise less the tolerated loss."""
    _, good, _ = _mean(kept)
    tolerated = float("nan")
    for number in range(len(spoken)):
        unit = spoken.iloc[[number]]
        count, score, error = _mean(unit)
        upper = score + float(t_distribution.ppf(0.975, max(count - 1, 1))) * np.sqrt(error)
        if upper < good - tolerance_points:
            break
        tolerated = float(unit["away"].iloc[0])
    return tolerated
