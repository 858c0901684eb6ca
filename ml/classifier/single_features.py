"""Strength of single features: a feature that is too strong by itself probably contains the answer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.classifier.examples import Examples
from ml.classifier.train import Classifier
from ml.feature_set import FeatureSet
from ml.metrics import auc

Floats = npt.NDArray[np.float64]

EXPLAINED = 1_000


def single_feature_aucs(examples: Examples, features: FeatureSet) -> dict[str, float]:
    """AUC of each feature by itself, by name; at least 0.5, in the better direction."""
    folds, found = examples.folds, {}
    for position, feature in enumerate(features.features):
        values = examples.matrix[:, position].astype(np.float64)
        if feature.categories:
            found[feature.name] = _category_auc(values, examples.truth, folds)
            continue
        area = auc(examples.truth, np.where(np.isnan(values), -np.inf, values).clip(-1e30, 1e30))
        found[feature.name] = max(area, 1 - area)
    return found


def importance(model: Classifier, rows: Examples) -> dict[str, float]:
    """Share of each feature in the mean absolute Shapley values of all features, on a sample of the rows."""
    strength = np.abs(model.contributions(sample_to_explain(rows).matrix)).mean(axis=0)
    total = float(strength.sum())
    shares = strength / total if total > 0 else strength
    return {name: float(share) for name, share in zip(model.features.names, shares, strict=True)}


def sample_to_explain(rows: Examples) -> Examples:
    """About `EXPLAINED` of the rows, evenly spread."""
    mask = np.zeros(len(rows), dtype=bool)
    mask[:: max(1, len(rows) // EXPLAINED)] = True
    return rows.where(mask)


def _category_auc(codes: Floats, truth: Floats, folds: npt.NDArray[np.int64]) -> float:
    """AUC of the share of positives per category, learnt on one half of the customers and tested on the other half."""
    positions = np.nan_to_num(codes, nan=-1).astype(int) + 1
    learn = folds % 2 == 0
    counts = np.bincount(positions[learn], minlength=positions.max() + 1)
    positives = np.bincount(positions[learn], weights=truth[learn], minlength=positions.max() + 1)
    shares = (positives + truth.mean()) / (counts + 1)
    if truth[~learn].min() == truth[~learn].max():
        return 0.5
    area = auc(truth[~learn], shares[positions[~learn]])
    return max(area, 1 - area)
