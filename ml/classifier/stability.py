"""Whether a recipe is as good on every night as on the last: it is learnt anew before each and tested there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from ml.booster import SEED, Candidate
from ml.classifier.examples import Examples
from ml.classifier.splits import both_classes
from ml.classifier.target import Target
from ml.classifier.train import Recipe, fit_margins
from ml.feature_set import FeatureSet
from ml.metrics import auc, auc_interval

NIGHTS = 12
#: Rows that each of these models learns from at most: they show change over time, not the last digit.
MOST_ROWS = 6_000


def stability(examples: Examples, features: FeatureSet, target: Target, recipe: Recipe) -> dict[str, dict[str, float]]:
    """AUC with interval, base rate and size on each of the last `NIGHTS` snapshots that earlier labels reach.

    Each night's model learns only from labels that were known by then.
    """
    trees = Candidate(recipe.trees.depth, recipe.trees.eta * 2, recipe.trees.rounds // 2)
    hasty = replace(recipe, trees=trees, parallel=1)
    found = {}
    for day in np.unique(examples.days)[-NIGHTS:]:
        learn, check = examples.days + target.horizon_days <= day, examples.days == day
        if not (both_classes(examples, learn) and both_classes(examples, check)):
            continue
        night, learnt = examples.where(check), _sampled(examples.where(learn))
        said = fit_margins(learnt, features, target, hasty)(night.matrix)
        low, high = auc_interval(night.truth, said)
        found[(date(1970, 1, 1) + timedelta(days=int(day))).isoformat()] = {
            "auc": auc(night.truth, said),
            "auc_low": low,
            "auc_high": high,
            "base_rate": float(night.truth.mean()),
            "n": float(len(night)),
        }
    return found


def _sampled(examples: Examples) -> Examples:
    if len(examples) <= MOST_ROWS:
        return examples
    mask = np.zeros(len(examples), dtype=bool)
    mask[np.random.default_rng(SEED).choice(len(examples), MOST_ROWS, replace=False)] = True
    return examples.where(mask)
