"""How good a churn recipe is on customers and days that it has not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.churn.features import Examples
from ml.churn.train import ChurnModel, both_classes, fit, out_of_time, stratified, unseen_predictions
from ml.feature_set import FeatureSet
from ml.metrics import auc, classification_metrics
from warehouse.errors import ModelError


@dataclass(frozen=True)
class Evaluation:
    """A model that has not seen `slice`, its probabilities there, its figures, and how well each feature does alone.

    `held_out` says which of all examples the slice is.
    """

    model: ChurnModel
    held_out: npt.NDArray[np.bool_]
    slice: Examples
    probabilities: npt.NDArray[np.float64]
    metrics: dict[str, float]
    alone: dict[str, float]
    how: str


def evaluate(examples: Examples, features: FeatureSet, horizon_days: int) -> Evaluation:
    """Out of time where there is time: the recipe on what was known at the last snapshot, tested on that snapshot.

    Where there is a single snapshot: figures from five stratified folds, and the model of four fifths of the customers
    on the last fifth for comparison with other versions.

    Raises:
        ModelError: where there is too little to learn from or to test on.
    """
    timeless = len(np.unique(examples.days)) == 1
    if timeless:
        learn, check = examples.folds != 0, examples.folds == 0
    else:
        splits = out_of_time(examples, horizon_days)
        if not splits:
            raise ModelError(_too_short(examples, horizon_days))
        learn, check = splits[0]
    if not (both_classes(examples, learn) and both_classes(examples, check)):
        raise ModelError(f"churn: {len(examples)} examples with {int(examples.churned.sum())} leavers are too few")
    model = fit(examples.where(learn), features, horizon_days)
    held_out = examples.where(check)
    probabilities = model.probabilities(held_out.matrix)
    metrics, how = classification_metrics(held_out.churned, probabilities), "out of time"
    if timeless:
        metrics, how = _cross_validated(examples, features, model), "five stratified folds"
    metrics["leavers"] = float(examples.churned.sum())
    return Evaluation(model, check, held_out, probabilities, metrics, alone(examples, features), how)


def _cross_validated(examples: Examples, features: FeatureSet, model: ChurnModel) -> dict[str, float]:
    _, guess = unseen_predictions(examples, features, model.candidate, stratified(examples))
    return classification_metrics(examples.churned, model.calibration(guess))


def _too_short(examples: Examples, horizon_days: int) -> str:
    snapshots = len(np.unique(examples.days))
    return (
        f"churn: {snapshots} labelled snapshots ({len(examples)} rows, {int(examples.churned.sum())} leavers) do not "
        f"span the horizon of {horizon_days} days with five leavers and five stayers on both sides; wait, shorten "
        "churn.horizon_days, or raise churn.snapshots"
    )


def alone(examples: Examples, features: FeatureSet) -> dict[str, float]:
    """AUC of each feature by itself (at least 0.5): what is near 1 knows the answer."""
    folds = examples.folds
    found = {}
    for position, feature in enumerate(features.features):
        values = examples.matrix[:, position].astype(np.float64)
        if feature.categories:
            found[feature.name] = _category_auc(values, examples.churned, folds)
            continue
        area = auc(examples.churned, np.where(np.isnan(values), -np.inf, values).clip(-1e30, 1e30))
        found[feature.name] = max(area, 1 - area)
    return found


def _category_auc(
    codes: npt.NDArray[np.float64], churned: npt.NDArray[np.float64], folds: npt.NDArray[np.int64]
) -> float:
    """AUC of the share of leavers of each category, learnt from one half of the customers, on the other."""
    positions = np.nan_to_num(codes, nan=-1).astype(int) + 1
    learn = folds % 2 == 0
    counts = np.bincount(positions[learn], minlength=positions.max() + 1)
    leavers = np.bincount(positions[learn], weights=churned[learn], minlength=positions.max() + 1)
    shares = (leavers + churned.mean()) / (counts + 1)
    if churned[~learn].min() == churned[~learn].max():
        return 0.5
    area = auc(churned[~learn], shares[positions[~learn]])
    return max(area, 1 - area)
