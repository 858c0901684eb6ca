"""Whether the drivers say anything at all about the scores of customers that the model has not seen."""

from __future__ import annotations

import numpy as np

from ml import booster as boosting
from ml.feature_set import FeatureSet
from ml.folds import FOLDS
from ml.use_cases.satisfaction.features import Responses
from ml.use_cases.satisfaction.train import grow
from warehouse.core.errors import ModelError


def evaluate(responses: Responses, features: FeatureSet) -> dict[str, float]:
    """R2 against the mean score, in five folds of customers, with its lower bound over the folds (mean - 2 errors).

    Raises:
        ModelError: where a fold has no responses.
    """
    folds, matrix = responses.folds, responses.completed(features)
    if len(np.unique(folds)) < FOLDS:
        raise ModelError(f"satisfaction: {len(responses)} responses are too few to test on")
    guess, per_fold = np.zeros(len(responses)), []
    baseline = np.zeros(len(responses))
    for fold in range(FOLDS):
        learn, check = folds != fold, folds == fold
        booster = grow(matrix[learn], responses.outcome[learn], features)
        guess[check] = boosting.predict(booster, matrix[check], features)
        baseline[check] = responses.outcome[learn].mean()
        per_fold.append(_r2(responses.outcome[check], guess[check], baseline[check]))
    error = float(np.std(per_fold, ddof=1) / np.sqrt(FOLDS))
    r2 = _r2(responses.outcome, guess, baseline)
    return {
        "r2": r2,
        "r2_low": r2 - 2 * error,
        "rmse": float(np.sqrt(np.mean((guess - responses.outcome) ** 2))),
        "mean_score": float(responses.outcome.mean()),
        "n": float(len(responses)),
    }


def _r2(truth: np.ndarray, guess: np.ndarray, baseline: np.ndarray) -> float:
    total = float(np.sum((truth - baseline) ** 2))
    return 1 - float(np.sum((truth - guess) ** 2)) / total if total > 0 else 0.0
