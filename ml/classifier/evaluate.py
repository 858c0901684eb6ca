"""Test of a recipe on rows that were left out of the fit, compared with baselines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.classifier.baselines import logistic_regression, recency_only
from ml.classifier.examples import Examples
from ml.classifier.figures import Judge
from ml.classifier.search import FULL_BUDGET, search
from ml.classifier.single_features import importance, single_feature_aucs
from ml.classifier.splits import Mask, both_classes, out_of_time, stratified
from ml.classifier.stability import stability
from ml.classifier.target import Target
from ml.classifier.train import Classifier, Recipe, fit, out_of_sample_predictions
from ml.feature_set import FeatureSet
from ml.metrics import classification_metrics
from warehouse.core.configuration import TrainingConfig
from warehouse.core.errors import ModelError

Floats = npt.NDArray[np.float64]

LOGISTIC_REGRESSION = "logistic regression"


@dataclass(frozen=True)
class Evaluation:
    """A model fitted without the test slice `judge.slice`, its probabilities there, and its figures.

    Attributes:
        learnt: mask of the examples that the model was fitted on (n,).
        held_out: mask of the examples in the test slice (n,).
        baselines: probabilities of baselines on the slice, by name.
        feature_aucs: AUC of each feature by itself.
        importance: share of each feature in all Shapley values.
        by_night: figures of the recipe, fitted before and tested on each of the last snapshots, by date.
        how: the kind of test, in words.
    """

    model: Classifier
    learnt: Mask
    held_out: Mask
    judge: Judge
    probabilities: Floats
    metrics: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    baselines: dict[str, Floats]
    feature_aucs: dict[str, float]
    importance: dict[str, float]
    by_night: dict[str, dict[str, float]]
    how: str

    @property
    def slice(self) -> Examples:
        return self.judge.slice

    @property
    def recipe(self) -> Recipe:
        return self.model.recipe


def evaluate(
    examples: Examples,
    features: FeatureSet,
    target: Target,
    sampled: float = 1.0,
    training: TrainingConfig = FULL_BUDGET,
) -> Evaluation:
    """Test out of time: search and fit on the labels known at the last snapshot, test on that snapshot.

    With a single snapshot the figures come from five stratified folds; for the comparison with other versions, a model
    fitted on four fifths of the customers is tested on the last fifth. `sampled` is the share of all customers that are
    in the examples.

    Raises:
        ModelError: too little data to fit or to test on.
    """
    learn, check = _split(examples, target)
    learnt, held_out = examples.where(learn), examples.where(check)
    model = fit(learnt, features, target, search(learnt, features, target, training))
    predicted = model.probabilities(held_out.matrix)
    judge = Judge(held_out, target.economics, _budget(target, examples, held_out, sampled), training.resamples)
    figures, bounds = judge.figures(predicted), judge.intervals(predicted)
    if examples.is_timeless:
        figures |= _cross_validated(examples, features, target, model)
        bounds = {name: bounds[name] for name in ("empc_cents", "profit_cents")}
    return Evaluation(
        model,
        learn,
        check,
        judge,
        predicted,
        {**figures, "positives_learnt": float(examples.truth.sum())},
        bounds,
        _baselines(learnt, held_out, features),
        single_feature_aucs(examples, features),
        importance(model, held_out),
        stability(examples, features, target, model.recipe, training),
        "five stratified folds" if examples.is_timeless else "out of time",
    )


def _split(examples: Examples, target: Target) -> tuple[Mask, Mask]:
    if examples.is_timeless:
        learn, check = examples.folds != 0, examples.folds == 0
    else:
        splits = out_of_time(examples, target.horizon_days)
        if not splits:
            raise ModelError(_too_short(examples, target))
        learn, check = splits[0]
    if not (both_classes(examples, learn) and both_classes(examples, check)):
        raise ModelError(f"{len(examples)} examples with {examples.positives} {target.words.positives} are too few")
    return learn, check


def _budget(target: Target, examples: Examples, held_out: Examples, sampled: float) -> int:
    """Contact budget of the slice, scaled so that the contacted share equals that of a real run."""
    share = sampled * (len(held_out) / len(examples) if examples.is_timeless else 1.0)
    return max(1, round(target.economics.budget * share))


def _baselines(learn: Examples, check: Examples, features: FeatureSet) -> dict[str, Floats]:
    found = {LOGISTIC_REGRESSION: logistic_regression(learn, check, features)}
    recency = recency_only(learn, check, features)
    return {**found, f"{recency[0]} only": recency[1]} if recency else found


def _cross_validated(examples: Examples, features: FeatureSet, target: Target, model: Classifier) -> dict[str, float]:
    _, predicted = out_of_sample_predictions(examples, features, target, model.recipe, stratified(examples))
    return classification_metrics(examples.truth, model.calibration(predicted))


def _too_short(examples: Examples, target: Target) -> str:
    snapshots, words = len(np.unique(examples.days)), target.words
    return (
        f"{snapshots} labelled snapshots ({len(examples)} rows, {examples.positives} {words.positives}) do not span "
        f"the horizon of {target.horizon_days} days with five {words.positives} and five {words.negatives} on both "
        "sides; wait, shorten the horizon, or learn from more snapshots"
    )
