"""How good a recipe is on customers and days that it has not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.classifier.examples import Examples
from ml.classifier.splits import both_classes, out_of_time, stratified
from ml.classifier.target import Target
from ml.classifier.train import Classifier, fit, unseen_predictions
from ml.feature_set import FeatureSet
from ml.metrics import auc, classification_metrics
from warehouse.errors import ModelError


@dataclass(frozen=True)
class Evaluation:
    """A model that has not seen `slice`, its probabilities there, its figures, and how well each feature does alone.

    `held_out` says which of all examples the slice is.
    """

    model: Classifier
    held_out: npt.NDArray[np.bool_]
    slice: Examples
    probabilities: npt.NDArray[np.float64]
    metrics: dict[str, float]
    alone: dict[str, float]
    how: str


def evaluate(examples: Examples, features: FeatureSet, target: Target) -> Evaluation:
    """Out of time where there is time: the recipe on what was known at the last snapshot, tested on that snapshot.

    Where there is a single snapshot: figures from five stratified folds, and the model of four fifths of the customers
    on the last fifth for comparison with other versions.

    Raises:
        ModelError: where there is too little to learn from or to test on.
    """
    timeless = examples.is_timeless
    if timeless:
        learn, check = examples.folds != 0, examples.folds == 0
    else:
        splits = out_of_time(examples, target.horizon_days)
        if not splits:
            raise ModelError(_too_short(examples, target))
        learn, check = splits[0]
    if not (both_classes(examples, learn) and both_classes(examples, check)):
        raise ModelError(f"{len(examples)} examples with {examples.positives} {target.words.positives} are too few")
    model = fit(examples.where(learn), features, target)
    held_out = examples.where(check)
    probabilities = model.probabilities(held_out.matrix)
    metrics, how = classification_metrics(held_out.truth, probabilities), "out of time"
    if timeless:
        metrics, how = _cross_validated(examples, features, model), "five stratified folds"
    metrics["positives_learnt"] = float(examples.truth.sum())
    return Evaluation(model, check, held_out, probabilities, metrics, alone(examples, features), how)


def _cross_validated(examples: Examples, features: FeatureSet, model: Classifier) -> dict[str, float]:
    _, guess = unseen_predictions(examples, features, model.candidate, stratified(examples))
    return classification_metrics(examples.truth, model.calibration(guess))


def _too_short(examples: Examples, target: Target) -> str:
    snapshots, words = len(np.unique(examples.days)), target.words
    return (
        f"{snapshots} labelled snapshots ({len(examples)} rows, {examples.positives} {words.positives}) do not span "
        f"the horizon of {target.horizon_days} days with five {words.positives} and five {words.negatives} on both "
        "sides; wait, shorten the horizon, or learn from more snapshots"
    )


def alone(examples: Examples, features: FeatureSet) -> dict[str, float]:
    """AUC of each feature by itself (at least 0.5): what is near 1 knows the answer."""
    folds = examples.folds
    found = {}
    for position, feature in enumerate(features.features):
        values = examples.matrix[:, position].astype(np.float64)
        if feature.categories:
            found[feature.name] = _category_auc(values, examples.truth, folds)
            continue
        area = auc(examples.truth, np.where(np.isnan(values), -np.inf, values).clip(-1e30, 1e30))
        found[feature.name] = max(area, 1 - area)
    return found


def _category_auc(
    codes: npt.NDArray[np.float64], truth: npt.NDArray[np.float64], folds: npt.NDArray[np.int64]
) -> float:
    """AUC of the share of positives of each category, learnt from one half of the customers, on the other."""
    positions = np.nan_to_num(codes, nan=-1).astype(int) + 1
    learn = folds % 2 == 0
    counts = np.bincount(positions[learn], minlength=positions.max() + 1)
    positives = np.bincount(positions[learn], weights=truth[learn], minlength=positions.max() + 1)
    shares = (positives + truth.mean()) / (counts + 1)
    if truth[~learn].min() == truth[~learn].max():
        return 0.5
    area = auc(truth[~learn], shares[positions[~learn]])
    return max(area, 1 - area)
