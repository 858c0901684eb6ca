"""Which customers a treatment changes most: an X-learner on XGBoost, and its Qini curve.

The X-learner (Künzel, Sekhon, Bickel and Yu 2019, PNAS 116:4156) learns the outcome of each arm, imputes the outcome of
each customer in the other arm, and learns the difference. The Qini curve (Radcliffe 2007) is the gain per treated
customer if the first share of customers in the learner's order is treated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xgboost as xgb

from ml import booster as boosting
from ml.booster import SEED, Candidate
from ml.feature_set import FeatureSet, Matrix
from ml.folds import FOLDS
from ml.resampling import percentile_interval, stratified

Floats = npt.NDArray[np.float64]
OUTCOME = Candidate(depth=4, eta=0.08, rounds=80)
#: Differences between arms are mostly noise: shallow trees on large leaves.
EFFECT = Candidate(depth=2, eta=0.05, rounds=60)
LEAF = 100
RESAMPLES = 300
CUTS = 100


@dataclass(frozen=True)
class UpliftModel:
    """Effects learnt from the treated and from the controls, weighted by the share of the treated."""

    of_treated: xgb.Booster
    of_controls: xgb.Booster
    features: FeatureSet
    treated_share: float

    def uplift(self, matrix: Matrix) -> Floats:
        """Expected change (n,) of the outcome if treated."""
        treated = boosting.predict(self.of_treated, matrix, self.features)
        controls = boosting.predict(self.of_controls, matrix, self.features)
        return np.asarray(self.treated_share * controls + (1 - self.treated_share) * treated)


@dataclass(frozen=True)
class Qini:
    """Gain over a random order, per treated customer, averaged over all lengths of the list."""

    area: float
    low: float
    high: float
    shares: Floats
    curve: Floats


def fit(matrix: Matrix, treated: npt.NDArray[np.bool_], outcome: Floats, features: FeatureSet) -> UpliftModel:
    """The X-learner of an outcome (n,), a number or 0/1."""
    of_treated = _learn(matrix[treated], outcome[treated], features, OUTCOME)
    of_controls = _learn(matrix[~treated], outcome[~treated], features, OUTCOME)
    gained = outcome[treated] - boosting.predict(of_controls, matrix[treated], features)
    missed = boosting.predict(of_treated, matrix[~treated], features) - outcome[~treated]
    return UpliftModel(
        _learn(matrix[treated], gained, features, EFFECT),
        _learn(matrix[~treated], missed, features, EFFECT),
        features,
        float(treated.mean()),
    )


def cross_fitted(
    matrix: Matrix,
    treated: npt.NDArray[np.bool_],
    outcome: Floats,
    features: FeatureSet,
    folds: npt.NDArray[np.int64],
) -> Floats:
    """Uplift of each row (n,) by a model fitted without its fold (0 to FOLDS - 1)."""
    found = np.zeros(len(outcome))
    for fold in range(FOLDS):
        learn, check = folds != fold, folds == fold
        found[check] = fit(matrix[learn], treated[learn], outcome[learn], features).uplift(matrix[check])
    return found


def qini(uplift: Floats, treated: npt.NDArray[np.bool_], outcome: Floats) -> Qini:
    """The Qini curve and its area, with a 95 % bootstrap interval within the arms; ties keep their order."""
    order = np.argsort(-uplift, kind="stable")
    treated, outcome = treated[order], outcome[order]
    shares, curve = _curve(treated, outcome, np.ones(len(outcome)))
    arms = [np.flatnonzero(treated), np.flatnonzero(~treated)]
    draws = stratified(arms, RESAMPLES, np.random.default_rng(SEED))
    weights = (np.bincount(rows, minlength=len(outcome)).astype(float) for rows in draws)
    low, high = percentile_interval([_area(*_curve(treated, outcome, times)) for times in weights])
    return Qini(_area(shares, curve), low, high, shares, curve)


def _curve(treated: npt.NDArray[np.bool_], outcome: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Shares of the customers (cuts,), and the gain of treating them per treated customer in all (cuts,)."""
    t, c = np.cumsum(weights * treated), np.cumsum(weights * ~treated)
    t_sum, c_sum = np.cumsum(weights * treated * outcome), np.cumsum(weights * ~treated * outcome)
    total = np.cumsum(weights)
    cuts = np.searchsorted(total, np.linspace(0, total[-1], CUTS + 1)[1:]).clip(max=len(total) - 1)
    gained = t_sum[cuts] - c_sum[cuts] * t[cuts] / np.maximum(c[cuts], 1)
    shares = total[cuts] / total[-1]
    return np.concatenate([[0.0], shares]), np.concatenate([[0.0], gained / t[-1]])


def _area(shares: Floats, curve: Floats) -> float:
    return float(np.trapezoid(curve - shares * curve[-1], shares))


def _learn(matrix: Matrix, target: Floats, features: FeatureSet, candidate: Candidate) -> xgb.Booster:
    leaf = max(5, min(LEAF, len(target) // 20))
    settings: dict[str, str | float] = {
        "objective": "reg:squarederror",
        "min_child_weight": leaf,
        "base_score": float(target.mean()),
    }
    return boosting.fit(matrix, target, features, candidate, settings)
