"""XGBoost with settings that make it reproducible."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import xgboost as xgb

from ml.feature_set import FeatureSet, Matrix

SEED = 20260901
#: Cells of a matrix above which a second thread is faster.
MANY_CELLS = 20_000_000

#: Strong regularisation for tables of thousands of customers: small trees, many rows per leaf, few columns per tree.
REGULAR: dict[str, float | int | str] = {
    "tree_method": "hist",
    "min_child_weight": 20,
    "reg_lambda": 20,
    "subsample": 0.8,
    "colsample_bytree": 0.5,
    "max_cat_to_onehot": 10,
    "seed": SEED,
    "verbosity": 0,
}


@dataclass(frozen=True)
class Candidate:
    """Depth, learning rate and number of trees."""

    depth: int
    eta: float
    rounds: int

    @property
    def name(self) -> str:
        return f"depth {self.depth}, eta {self.eta}, {self.rounds} trees"


def fit(
    matrix: Matrix,
    target: npt.NDArray[np.floating],
    features: FeatureSet,
    candidate: Candidate,
    objective: Mapping[str, str | float],
) -> xgb.Booster:
    """Fit a booster; the same data give the same trees bit for bit."""
    settings = {
        **REGULAR,
        **objective,
        "max_depth": candidate.depth,
        "eta": candidate.eta,
        "nthread": threads(matrix),
    }
    return xgb.train(settings, data(matrix, features, target), num_boost_round=candidate.rounds)


#: Returns an iterator over all (matrix, target) batches, from the start at each call.
Batches = Callable[[], Iterator[tuple[Matrix, npt.NDArray[np.floating]]]]


def fit_streamed(
    batches: Batches, features: FeatureSet, candidate: Candidate, objective: Mapping[str, str | float]
) -> xgb.Booster:
    """Fit a booster on more rows than fit in memory: they are read in batches and kept as bins of one byte."""
    settings = {**REGULAR, **objective, "max_depth": candidate.depth, "eta": candidate.eta, "nthread": 2}
    rows = xgb.QuantileDMatrix(_Stream(batches, features), max_bin=256, nthread=2, enable_categorical=True)
    return xgb.train(settings, rows, num_boost_round=candidate.rounds)


class _Stream(xgb.DataIter):
    """Batches for XGBoost, which reads them several times."""

    def __init__(self, batches: Batches, features: FeatureSet) -> None:
        super().__init__()
        self._batches, self._types = batches, features.types
        self._open = batches()

    def reset(self) -> None:
        self._open = self._batches()

    def next(self, input_data: Callable[..., Any]) -> bool:
        batch = next(self._open, None)
        if batch is None:
            return False
        input_data(data=batch[0], label=batch[1], feature_types=self._types)
        return True


def data(matrix: Matrix, features: FeatureSet, target: npt.NDArray[np.floating] | None = None) -> xgb.DMatrix:
    return xgb.DMatrix(
        matrix, label=target, feature_types=features.types, enable_categorical=True, nthread=threads(matrix)
    )


def threads(matrix: Matrix) -> int:
    """One thread for small matrices: on a busy machine, threads of small trees wait for each other."""
    return 2 if matrix.size > MANY_CELLS else 1


def predict(booster: xgb.Booster, matrix: Matrix, features: FeatureSet) -> npt.NDArray[np.float64]:
    """Predictions (n,)."""
    booster.set_param({"nthread": threads(matrix)})
    return np.asarray(booster.predict(data(matrix, features)), dtype=np.float64)


def shapley(booster: xgb.Booster, matrix: Matrix, features: FeatureSet) -> npt.NDArray[np.float64]:
    """Exact Shapley values (n, features) on the scale of the margin (Lundberg et al. 2018, TreeSHAP)."""
    booster.set_param({"nthread": threads(matrix)})
    return np.asarray(booster.predict(data(matrix, features), pred_contribs=True), dtype=np.float64)[:, :-1]
