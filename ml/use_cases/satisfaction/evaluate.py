"""Measures how well the drivers explain the scores of customers that the model was not trained on."""

from __future__ import annotations

import numpy as np

from ml import booster as boosting
from ml.drivers.names import DriverNames
from ml.drivers.responses import Responses
from ml.feature_set import FeatureSet
from ml.folds import FOLDS
from ml.use_cases.satisfaction.train import grow
from warehouse.core.errors import ModelError


def evaluate(responses: Responses, features: FeatureSet, names: DriverNames) -> dict[str, float]:
    """Cross-validate in five folds of customers.

    Returns:
        `r2` against the mean score, its lower bound `r2_low` (2 standard errors over the folds), `rmse` in points,
        `mean_score` and `n`.

    Raises:
        ModelError: if a fold has no responses.
    """
    folds, matrix, signs = responses.folds, responses.completed(features), names.signs_of(features)
    if len(np.unique(folds)) < FOLDS:
        raise ModelError(f"satisfaction: {len(responses)} responses are too few to test on")
    predicted, per_fold = np.zeros(len(responses)), []
    baseline = np.zeros(len(responses))
    for fold in range(FOLDS):
        train, test = folds != fold, folds == fold
        booster = grow(matrix[train], responses.outcome[train], features, signs)
        predicted[test] = boosting.predict(booster, matrix[test], features)
        baseline[test] = responses.outcome[train].mean()
        per_fold.append(_r2(responses.outcome[test], predicted[test], baseline[test]))
    error = float(np.std(per_fold, ddof=1) / np.sqrt(FOLDS))
    r2 = _r2(responses.outcome, predicted, baseline)
    return {
        "r2": r2,
        "r2_low": r2 - 2 * error,
        "rmse": float(np.sqrt(np.mean((predicted - responses.outcome) ** 2))),
        "mean_score": float(responses.outcome.mean()),
        "n": float(len(responses)),
    }


def _r2(truth: np.ndarray, predicted: np.ndarray, baseline: np.ndarray) -> float:
    """Share of the squared error of the baseline that the prediction removes.

    Not scikit-learn's `r2_score`: its baseline is the mean of the test rows, which a prediction cannot use.
    """
    total = float(np.sum((truth - baseline) ** 2))
    return 1 - float(np.sum((truth - predicted) ** 2)) / total if total > 0 else 0.0
