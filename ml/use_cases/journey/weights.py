"""How much each touchpoint weighs in overall satisfaction.

Overall scores are explained by an additive ridge regression of what the customer met before: for every touchpoint that
it was visited and how often, how bad and how good it was rated (two slopes with a kink in the middle of the scale,
since a bad step costs more than a good one wins: Mittal, Ross & Baldasare 1998, Journal of Marketing 62:33), and the
share of broken promises. The weight is the share of the variance that a touchpoint's part explains in answers that
were left out of its estimate, so that noise weighs nothing on average.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.linear_model import Ridge, RidgeCV
from sklearn.preprocessing import StandardScaler

Floats = npt.NDArray[np.float64]
#: Below so many overall answers nothing is estimated; a touchpoint needs as many answers that met it as `MET`.
LEAST_ANSWERS, MET = 100, 30
#: Ratings on one side of the middle without which the slope of that side is not told: one alone has no interval.
RATED = 2
MIDDLE, HALF_SCALE = 3.0, 2.0
FOLDS, RESAMPLES, SEED = 5, 200, 20261101
_ALPHAS = np.logspace(0, 4, 13)
_PARTS = ("visited", "visits", "bad", "good", "broken")
COLUMNS = (
    *("touchpoint", "weight", "weight_low", "weight_high", "penalty", "penalty_low", "penalty_high"),
    *("reward", "reward_low", "reward_high", "met_answer_count", "bad_answer_count", "good_answer_count"),
    *("answer_count", "explained_share"),
)


def touchpoint_weights(answers: pd.DataFrame) -> pd.DataFrame:
    """Weights, 0-1 and 1 together, with 95 % bootstrap intervals; penalty and reward in points of the overall score.

    `answers`: rows of `features.journey_weights`. Penalty: rated 1 instead of 3; reward: 5 instead of 3; both with the
    number of answers that were rated below or above 3, NaN where fewer than `RATED`.
    Empty where fewer than `LEAST_ANSWERS` overall answers or no touchpoint with `MET` of them; weights are NaN where
    what all touchpoints explain is not surely above nothing (95 % of the resamples).
    """
    outcome, design, touchpoints = _design(answers)
    if len(outcome) < LEAST_ANSWERS or not touchpoints:
        return pd.DataFrame(columns=list(COLUMNS))
    parts = _left_out_parts(design, outcome, len(touchpoints))
    products = parts * (outcome - outcome.mean())[:, None]
    drawn = _resamples(len(outcome))
    resampled = drawn @ products / len(outcome)
    is_something = float(np.quantile(resampled.sum(axis=1), 0.05)) > 0
    weights = _weights(products.mean(axis=0)) if is_something else np.full(len(touchpoints), np.nan)
    low, high = np.quantile(np.array([_weights(explained) for explained in resampled]), [0.025, 0.975], axis=0)
    slopes, resampled_slopes = _slopes(design, outcome, drawn)
    rows = []
    for number, touchpoint in enumerate(touchpoints):
        columns = design[:, number * len(_PARTS) : (number + 1) * len(_PARTS)]
        row = {"touchpoint": touchpoint, "weight": weights[number]}
        row |= {
            "weight_low": np.minimum(low[number], weights[number]),
            "weight_high": np.maximum(high[number], weights[number]),
        }
        row |= {"met_answer_count": int(columns[:, 0].sum()), "answer_count": len(outcome)}
        for name, side, part in (("penalty", "bad", 2), ("reward", "good", 3)):
            position = number * len(_PARTS) + part
            rated = int((columns[:, part] > 0).sum())
            is_rated = rated >= RATED
            ends = np.quantile(resampled_slopes[:, position], [0.025, 0.975]) if is_rated else (np.nan, np.nan)
            row |= {name: slopes[position] if is_rated else np.nan}
            row |= {f"{name}_low": ends[0], f"{name}_high": ends[1], f"{side}_answer_count": rated}
        row |= {"explained_share": float(np.clip(products.sum(axis=1).mean() / max(outcome.var(), 1e-12), 0, 1))}
        rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS)).round(6)


def _design(answers: pd.DataFrame) -> tuple[Floats, Floats, list[str]]:
    """Overall scores (n), columns (n, touchpoints x parts) and the touchpoints that enough answers met."""
    overall = answers.groupby("response_id")["overall_score"].first().sort_index()
    met = answers[answers["touchpoint"] != "none"]
    counts = met.groupby("touchpoint")["response_id"].nunique()
    touchpoints = sorted(str(name) for name in counts.index[counts >= MET])
    blocks = []
    for touchpoint in touchpoints:
        rows = met[met["touchpoint"] == touchpoint].set_index("response_id").reindex(overall.index)
        visits = rows["visit_count"].astype(float).fillna(0)
        score = rows["touchpoint_score"].astype(float).fillna(MIDDLE)
        broken = rows["broken_promise_share"].astype(float).fillna(0)
        bad, good = (MIDDLE - score).clip(lower=0) / HALF_SCALE, (score - MIDDLE).clip(lower=0) / HALF_SCALE
        is_met = rows["touchpoint"].notna().astype(float)
        blocks.append(np.column_stack([is_met, np.log1p(visits), bad, good, broken]))
    design = np.hstack(blocks) if blocks else np.empty((len(overall), 0))
    return overall.to_numpy(dtype=np.float64), design, touchpoints


def _left_out_parts(design: Floats, outcome: Floats, touchpoints: int) -> Floats:
    """What each touchpoint contributes to every answer, (n, touchpoints), by fits that did not see the answer."""
    parts = np.zeros((len(outcome), touchpoints))
    fold = np.arange(len(outcome)) % FOLDS
    for number in range(FOLDS):
        seen, left = fold != number, fold == number
        scaler = StandardScaler().fit(design[seen])
        model = RidgeCV(_ALPHAS).fit(scaler.transform(design[seen]), outcome[seen])
        contributions = scaler.transform(design[left]) * model.coef_
        parts[left] = contributions.reshape(len(contributions), touchpoints, len(_PARTS)).sum(axis=2)
    return parts


def _weights(products: Floats) -> Floats:
    """Explained variance of each touchpoint as a share of that of all; 0 where none explains any."""
    explained = np.maximum(products, 0)
    return np.asarray(explained / max(float(explained.sum()), 1e-12))


def _resamples(count: int) -> npt.NDArray[np.int64]:
    """How often each answer is drawn in each bootstrap resample, (RESAMPLES, count); always the same."""
    return np.random.default_rng(SEED).multinomial(count, np.full(count, 1 / count), RESAMPLES)


def _slopes(design: Floats, outcome: Floats, drawn: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Points of the overall score per unit of each column, from all answers and from each resample."""
    scaler = StandardScaler().fit(design)
    scaled, spread = scaler.transform(design), np.asarray(scaler.scale_, dtype=np.float64)
    model = RidgeCV(_ALPHAS).fit(scaled, outcome)
    again = Ridge(alpha=float(model.alpha_))
    resampled = np.array([again.fit(scaled, outcome, sample_weight=counts).coef_ for counts in drawn])
    return np.asarray(model.coef_) / spread, resampled / spread
