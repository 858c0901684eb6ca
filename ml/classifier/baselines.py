"""Baselines for a model: a single recency column, and a plain logistic regression."""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from ml.classifier.examples import Examples
from ml.classifier.linear import fit_linear
from ml.feature_set import FeatureSet, Matrix
from ml.metrics import auc

Floats = npt.NDArray[np.float64]

RECENCY = "days_since_last_"
MOST_ROWS = 20_000


def recency_only(learn: Examples, check: Examples, features: FeatureSet) -> tuple[str, Floats] | None:
    """(column, probabilities) of the `days_since_last_...` with the highest AUC on `learn`, or None."""
    names = [(i, f) for i, f in enumerate(features.features) if f.name.startswith(RECENCY)]
    found: list[tuple[float, str, Floats]] = []
    for position, feature in names:
        column = [position]
        model = fit_linear(learn.matrix[:, column], learn.truth, FeatureSet((feature,)), {}, 1.0)
        area = auc(learn.truth, model.margin(learn.matrix[:, column]))
        margin = model.margin(check.matrix[:, column])
        found.append((round(area, 9), feature.name, 1 / (1 + np.exp(-margin))))
    if not found:
        return None
    _, name, probabilities = max(found, key=lambda item: item[:2])
    return name, probabilities


def logistic_regression(learn: Examples, check: Examples, features: FeatureSet) -> Floats:
    """Probabilities (n,) of a logistic regression on standardised columns; a missing value is the mean, with a flag."""
    step = max(1, len(learn) // MOST_ROWS)
    design = _Design(learn.matrix[::step], features)
    model = LogisticRegression(C=1.0, max_iter=300)
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(design(learn.matrix[::step]), learn.truth[::step])
        return np.asarray(model.predict_proba(design(check.matrix))[:, 1], dtype=np.float64)


class _Design:
    """Standardised quantities, flags of missing values, and one column per category."""

    def __init__(self, matrix: Matrix, features: FeatureSet) -> None:
        self._features = features
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            self._mean = np.nan_to_num(np.nanmean(matrix.astype(np.float64), axis=0))
            spread = np.nan_to_num(np.nanstd(matrix.astype(np.float64), axis=0))
        self._spread = np.where(spread > 0, spread, 1.0)

    def __call__(self, matrix: Matrix) -> Floats:
        columns = []
        for position, feature in enumerate(self._features.features):
            values = matrix[:, position].astype(np.float64)
            missing = np.isnan(values)
            if feature.categories:
                columns += [(values == code).astype(np.float64) for code in range(len(feature.categories))]
            else:
                columns.append(np.where(missing, 0.0, (values - self._mean[position]) / self._spread[position]))
            columns.append(missing.astype(np.float64))
        return np.column_stack(columns)
