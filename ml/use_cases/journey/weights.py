"""The weight of each touchpoint in overall satisfaction.

A ridge regression explains overall scores by the touchpoints that the customer visited before. A touchpoint has these
columns: whether and how often it was visited, how far its rating is below and above the middle of the scale, and the
share of broken promises. Ratings have two slopes, because a bad rating costs more than a good one gains (Mittal, Ross &
Baldasare 1998, Journal of Marketing 62:33). The weight of a touchpoint is the share of the variance that its columns
explain in answers that the fit did not use, so the weight of noise is 0 on average.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.linear_model import Ridge, RidgeCV
from sklearn.preprocessing import StandardScaler

from ml.resampling import draw_counts

Floats = npt.NDArray[np.float64]
#: Fewest overall answers of an estimate.
LEAST_ANSWERS = 100
#: Fewest ratings below (or above) the middle of the scale for a slope of that side: a single rating has no interval.
LEAST_RATINGS = 2
#: Points between the middle of the scale and its ends.
HALF_SCALE = 2.0
FOLDS, RESAMPLES, SEED = 5, 200, 20261101
_ALPHAS = np.logspace(0, 4, 13)
_PARTS = ("visited", "visits", "bad", "good", "broken")
COLUMNS = (
    *("touchpoint", "weight", "weight_low", "weight_high", "penalty", "penalty_low", "penalty_high"),
    *("reward", "reward_low", "reward_high", "met_answer_count", "bad_answer_count", "good_answer_count"),
    *("answer_count", "explained_share"),
)


def touchpoint_weights(answers: pd.DataFrame, minimum_sample: int, middle: float) -> pd.DataFrame:
    """One row per touchpoint: its weight (0-1, together 1), penalty and reward, with 95 % bootstrap intervals.

    The penalty is the change of the overall score, in points, if the touchpoint is rated 1 instead of 3; the reward, if
    it is rated 5 instead of 3. They are NaN with fewer than `LEAST_RATINGS` ratings on that side. Weights are NaN if
    the variance that all touchpoints explain is not above 0 in 95 % of the resamples.

    Args:
        answers: rows of `features.journey_weights`.
        minimum_sample: fewest overall answers after a visit of the touchpoint.
        middle: middle of the rating scale.

    Returns:
        The columns `COLUMNS`; no rows with fewer than `LEAST_ANSWERS` overall answers, or without a touchpoint that
        has `minimum_sample` of them.
    """
    outcome, design, touchpoints = _design(answers, minimum_sample, middle)
    if len(outcome) < LEAST_ANSWERS or not touchpoints:
        return pd.DataFrame(columns=list(COLUMNS))
    parts = _left_out_parts(design, outcome, len(touchpoints))
    products = parts * (outcome - outcome.mean())[:, None]
    drawn = draw_counts(len(outcome), RESAMPLES, SEED)
    resampled = drawn @ products / len(outcome)
    is_something = float(np.quantile(resampled.sum(axis=1), 0.05)) > 0
    weights = _weights(products.mean(axis=0)) if is_something else np.full(len(touchpoints), np.nan)
    low, high = np.quantile(np.array([_weights(explained) for explained in resampled]), [0.025, 0.975], axis=0)
    slopes, resampled_slopes = _slopes(design, outcome, drawn)
    explained = float(np.clip(products.sum(axis=1).mean() / max(outcome.var(), 1e-12), 0, 1))
    rows = []
    for number, (touchpoint, weight) in enumerate(zip(touchpoints, weights, strict=True)):
        columns = design[:, number * len(_PARTS) : (number + 1) * len(_PARTS)]
        row = {"touchpoint": touchpoint, "answer_count": len(outcome), "explained_share": explained}
        row |= {"weight": weight, "met_answer_count": int(columns[:, 0].sum())}
        row |= {"weight_low": np.minimum(low[number], weight), "weight_high": np.maximum(high[number], weight)}
        for name, side, part in (("penalty", "bad", 2), ("reward", "good", 3)):
            position = number * len(_PARTS) + part
            rated = int((columns[:, part] > 0).sum())
            row |= _side(name, slopes[position], resampled_slopes[:, position], rated) | {f"{side}_answer_count": rated}
        rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS)).round(6)


def _side(name: str, slope: float, resampled: Floats, rated: int) -> dict[str, float]:
    """Slope and interval of the penalty or the reward; NaN with fewer than `LEAST_RATINGS` ratings."""
    if rated < LEAST_RATINGS:
        return {name: np.nan, f"{name}_low": np.nan, f"{name}_high": np.nan}
    low, high = np.quantile(resampled, [0.025, 0.975])
    return {name: slope, f"{name}_low": low, f"{name}_high": high}


def _design(answers: pd.DataFrame, minimum_sample: int, middle: float) -> tuple[Floats, Floats, list[str]]:
    """Overall scores (n,), columns (n, touchpoints x parts) and the touchpoints with enough answers."""
    overall = answers.groupby("response_id")["overall_score"].first().sort_index()
    met = answers[answers["touchpoint"] != "none"]
    counts = met.groupby("touchpoint")["response_id"].nunique()
    touchpoints = sorted(str(name) for name in counts.index[counts >= minimum_sample])
    blocks = []
    for touchpoint in touchpoints:
        rows = met[met["touchpoint"] == touchpoint].set_index("response_id").reindex(overall.index)
        visits = rows["visit_count"].astype(float).fillna(0)
        score = rows["touchpoint_score"].astype(float).fillna(middle)
        broken = rows["broken_promise_share"].astype(float).fillna(0)
        bad, good = (middle - score).clip(lower=0) / HALF_SCALE, (score - middle).clip(lower=0) / HALF_SCALE
        is_met = rows["touchpoint"].notna().astype(float)
        blocks.append(np.column_stack([is_met, np.log1p(visits), bad, good, broken]))
    design = np.hstack(blocks) if blocks else np.empty((len(overall), 0))
    return overall.to_numpy(dtype=np.float64), design, touchpoints


def _left_out_parts(design: Floats, outcome: Floats, touchpoints: int) -> Floats:
    """Contribution of each touchpoint to each answer (n, touchpoints), from fits without the answer (five folds)."""
    parts = np.zeros((len(outcome), touchpoints))
    fold = np.arange(len(outcome)) % FOLDS
    for number in range(FOLDS):
        train, test = fold != number, fold == number
        scaler = StandardScaler().fit(design[train])
        model = RidgeCV(_ALPHAS).fit(scaler.transform(design[train]), outcome[train])
        contributions = scaler.transform(design[test]) * model.coef_
        parts[test] = contributions.reshape(len(contributions), touchpoints, len(_PARTS)).sum(axis=2)
    return parts


def _weights(products: Floats) -> Floats:
    """Explained variance of each touchpoint as a share of the total; 0 if none explains any."""
    explained = np.maximum(products, 0)
    return np.asarray(explained / max(float(explained.sum()), 1e-12))


def _slopes(design: Floats, outcome: Floats, drawn: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Points of the overall score per unit of each column: from all answers (columns,) and per resample."""
    scaler = StandardScaler().fit(design)
    scaled, spread = scaler.transform(design), np.asarray(scaler.scale_, dtype=np.float64)
    model = RidgeCV(_ALPHAS).fit(scaled, outcome)
    again = Ridge(alpha=float(model.alpha_))
    resampled = np.array([again.fit(scaled, outcome, sample_weight=counts).coef_ for counts in drawn])
    return np.asarray(model.coef_) / spread, resampled / spread
