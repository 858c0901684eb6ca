"""Whether a recipe works equally well on all snapshots: it is fitted before each of them and tested on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from ml.booster import SEED, Candidate
from ml.classifier.examples import Examples
from ml.classifier.search import FULL_BUDGET
from ml.classifier.splits import both_classes
from ml.classifier.target import Target
from ml.classifier.train import Recipe, fit_margins
from ml.feature_set import FeatureSet
from ml.metrics import auc, auc_interval
from warehouse.core.configuration import TrainingConfig


def stability(
    examples: Examples,
    features: FeatureSet,
    target: Target,
    recipe: Recipe,
    training: TrainingConfig = FULL_BUDGET,
) -> dict[str, dict[str, float]]:
    """AUC with interval, base rate and size on each of the last snapshots with earlier labels, by date.

    The model of each snapshot learns only from labels known by then, with half the trees at twice the learning rate.
    """
    trees = Candidate(recipe.trees.depth, recipe.trees.eta * 2, recipe.trees.rounds // 2)
    quick = replace(recipe, trees=trees, parallel=1)
    found = {}
    days = np.unique(examples.days)
    for day in days[len(days) - min(training.stability_snapshots, len(days)) :]:
        learn, check = examples.days + target.horizon_days <= day, examples.days == day
        if not (both_classes(examples, learn) and both_classes(examples, check)):
            continue
        night, learnt = examples.where(check), _sampled(examples.where(learn), training.stability_rows)
        predicted = fit_margins(learnt, features, target, quick)(night.matrix)
        area = auc(night.truth, predicted)
        low, high = auc_interval(night.truth, area)
        found[(date(1970, 1, 1) + timedelta(days=int(day))).isoformat()] = {
            "auc": area,
            "auc_low": low,
            "auc_high": high,
            "base_rate": float(night.truth.mean()),
            "n": float(len(night)),
        }
    return found


def _sampled(examples: Examples, most: int) -> Examples:
    if len(examples) <= most:
        return examples
    mask = np.zeros(len(examples), dtype=bool)
    mask[np.random.default_rng(SEED).choice(len(examples), most, replace=False)] = True
    return examples.where(mask)
