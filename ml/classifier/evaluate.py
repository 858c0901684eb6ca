"""How good a recipe is on customers and days that it has not seen, beside what else could be done."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.classifier.alone import alone, importance
from ml.classifier.examples import Examples
from ml.classifier.figures import Judge
from ml.classifier.rivals import logistic_regression, recency_only
from ml.classifier.search import FULL_BUDGET, search
from ml.classifier.splits import Mask, both_classes, out_of_time, stratified
from ml.classifier.stability import stability
from ml.classifier.target import Target
from ml.classifier.train import Classifier, Recipe, fit, unseen_predictions
from ml.feature_set import FeatureSet
from ml.metrics import classification_metrics
from warehouse.core.configuration import TrainingConfig
from warehouse.core.errors import ModelError

Floats = npt.NDArray[np.float64]

LOGISTIC_REGRESSION = "logistic regression"


@dataclass(frozen=True)
class Evaluation:
    """A model that has not seen `judge.slice`, its probabilities there, and its figures.

    `learnt` and `held_out` say which of all examples it learnt from and which the slice is. `rivals` holds the
    probabilities of others on the same rows, by name. `alone` is how well each feature does by itself (AUC),
    `importance` its share of all that features move. `by_night` holds the figures of models of the same recipe on each
    night that earlier ones reach.
    """

    model: Classifier
    learnt: Mask
    held_out: Mask
    judge: Judge
    probabilities: Floats
    metrics: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    rivals: dict[str, Floats]
    alone: dict[str, float]
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
    """Out of time where there is time: searched and fitted on what was known at the last snapshot, tested on that one.

    Where there is a single snapshot: figures from five stratified folds, and the model of four fifths of the customers
    on the last fifth for comparison with other versions. `sampled` is the share of all customers that the examples are.

    Raises:
        ModelError: where there is too little to learn from or to test on.
    """
    learn, check = _split(examples, target)
    learnt, held_out = examples.where(learn), examples.where(check)
    model = fit(learnt, features, target, search(learnt, features, target, training))
    said = model.probabilities(held_out.matrix)
    judge = Judge(held_out, target.economics, _budget(target, examples, held_out, sampled), training.resamples)
    figures, bounds, how = judge.figures(said), judge.intervals(said), "out of time"
    if examples.is_timeless:
        figures |= _cross_validated(examples, features, target, model)
        bounds, how = {name: bounds[name] for name in ("empc_cents", "profit_cents")}, "five stratified folds"
    figures["positives_learnt"] = float(examples.truth.sum())
    return Evaluation(
        model,
        learn,
        check,
        judge,
        said,
        figures,
        bounds,
        _rivals(learnt, held_out, features),
        alone(examples, features),
        importance(model, held_out),
        stability(examples, features, target, model.recipe, training),
        how,
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
    """How many of the slice can be contacted: as many of a hundred as on a night."""
    share = sampled * (len(held_out) / len(examples) if examples.is_timeless else 1.0)
    return max(1, round(target.economics.budget * share))


def _rivals(learn: Examples, check: Examples, features: FeatureSet) -> dict[str, Floats]:
    found = {LOGISTIC_REGRESSION: logistic_regression(learn, check, features)}
    recency = recency_only(learn, check, features)
    return {**found, f"{recency[0]} only": recency[1]} if recency else found


def _cross_validated(examples: Examples, features: FeatureSet, target: Target, model: Classifier) -> dict[str, float]:
    _, guess = unseen_predictions(examples, features, target, model.recipe, stratified(examples))
    return classification_metrics(examples.truth, model.calibration(guess))


def _too_short(examples: Examples, target: Target) -> str:
    snapshots, words = len(np.unique(examples.days)), target.words
    return (
        f"{snapshots} labelled snapshots ({len(examples)} rows, {examples.positives} {words.positives}) do not span "
        f"the horizon of {target.horizon_days} days with five {words.positives} and five {words.negatives} on both "
        "sides; wait, shorten the horizon, or learn from more snapshots"
    )
