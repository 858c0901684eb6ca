"""Classifiers of other projects, fitted on the same rows as ours for comparison."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.classifier.baselines import logistic_regression, recency_only
from ml.classifier.examples import Examples
from ml.feature_set import FeatureSet

Floats = npt.NDArray[np.float64]

LIGHTGBM = {
    "objective": "binary",
    "learning_rate": 0.03,
    "num_leaves": 8,
    "min_child_samples": 40,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 10,
    "seed": 1,
    "deterministic": True,
    "num_threads": 2,
    "verbosity": -1,
}
CATBOOST = {
    "iterations": 400,
    "depth": 4,
    "learning_rate": 0.04,
    "l2_leaf_reg": 10,
    "random_seed": 1,
    "thread_count": 2,
    "verbose": False,
    "allow_writing_files": False,
}


def peers(learn: Examples, check: Examples, features: FeatureSet) -> dict[str, Floats]:
    """Probabilities (n,) of logistic regression, LightGBM and CatBoost, and of the best recency, by name."""
    found = {
        "logistic regression": logistic_regression(learn, check, features),
        "LightGBM": lightgbm(learn, check, features),
        "CatBoost": catboost(learn, check, features),
    }
    recency = recency_only(learn, check, features)
    return {**found, f"{recency[0]} only": recency[1]} if recency else found


def lightgbm(learn: Examples, check: Examples, features: FeatureSet) -> Floats:
    """LightGBM with native categories and missing values, strongly regularised."""
    import lightgbm as gbm

    categories = [position for position, feature in enumerate(features.features) if feature.categories]
    data = gbm.Dataset(learn.matrix.astype(np.float64), learn.truth, categorical_feature=categories)
    return np.asarray(gbm.train(LIGHTGBM, data, num_boost_round=250).predict(check.matrix.astype(np.float64)))


def catboost(learn: Examples, check: Examples, features: FeatureSet) -> Floats:
    """CatBoost with native categories and missing values."""
    from catboost import CatBoostClassifier, Pool

    categories = [position for position, feature in enumerate(features.features) if feature.categories]

    def pool(rows: Examples, truth: Floats | None) -> Pool:
        columns = rows.matrix.astype(object)
        for position in categories:
            columns[:, position] = [str(value) for value in rows.matrix[:, position]]
        return Pool(columns, truth, cat_features=categories)

    model = CatBoostClassifier(**CATBOOST).fit(pool(learn, learn.truth))
    return np.asarray(model.predict_proba(pool(check, None))[:, 1])
