"""Fit a classifier: trees and a linear model, calibrated on rows that were left out of a fit of the same recipe."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xgboost as xgb

from ml import booster as boosting
from ml.booster import Batches, Candidate
from ml.calibration import Calibration, at_level, fit_shape
from ml.classifier.examples import Examples
from ml.classifier.linear import LinearModel, fit_linear
from ml.classifier.splits import Mask, Split, by_customer, out_of_time
from ml.classifier.target import Target
from ml.feature_set import FeatureSet, Matrix
from warehouse.core.configuration import TrainingConfig
from warehouse.core.errors import ModelError

Floats = npt.NDArray[np.float64]

HOUSE_TREES = Candidate(3, 0.05, 180)
#: Rows that the trees of one round read together. Several trees are averaged where rows are few, because there a single
#: tree's random sample would decide who is on the list.
ROWS_A_ROUND = 200_000


@dataclass(frozen=True)
class Recipe:
    """Hyper-parameters: the trees, their regularisation, and the share of the linear model in the log odds.

    Attributes:
        trees: depth, learning rate and number of trees.
        min_child_weight: XGBoost's parameter.
        reg_lambda: XGBoost's parameter.
        colsample_bytree: XGBoost's parameter.
        balance: class weight without resampling: a positive weighs (negatives / positives) ** balance; calibration
            restores the level.
        linear_share: weight of the linear model (0-1).
        ridge: L2 penalty of the linear model, multiplied by the number of snapshots whose label windows overlap,
            because those rows are not independent.
        parallel: most trees that are averaged in one round.
    """

    trees: Candidate = HOUSE_TREES
    min_child_weight: float = 20.0
    reg_lambda: float = 20.0
    colsample_bytree: float = 0.5
    balance: float = 0.0
    linear_share: float = 0.5
    ridge: float = 300.0
    parallel: int = TrainingConfig().trees_a_round

    def settings(self, truth: Floats, features: FeatureSet, signs: Mapping[str, int]) -> dict[str, str | float]:
        """Parameters of XGBoost, without depth, learning rate and number of trees."""
        positives = max(float(truth.sum()), 1.0)
        return {
            "objective": "binary:logistic",
            "min_child_weight": self.min_child_weight,
            "reg_lambda": self.reg_lambda,
            "colsample_bytree": self.colsample_bytree,
            "scale_pos_weight": ((len(truth) - positives) / positives) ** self.balance,
            "monotone_constraints": f"({','.join(str(signs.get(name, 0)) for name in features.names)})",
        }


@dataclass(frozen=True)
class Margins:
    """A model before calibration: a booster and a linear model, averaged in log odds."""

    booster: xgb.Booster
    linear: LinearModel
    features: FeatureSet
    linear_share: float

    def __call__(self, matrix: Matrix) -> Floats:
        """Uncalibrated probabilities (n,)."""
        trees = _logit(boosting.predict(self.booster, matrix, self.features))
        return _sigmoid(mix(trees, self.linear.margin(matrix), self.linear_share))

    def contributions(self, matrix: Matrix) -> Floats:
        """Exact Shapley values (n, features) in uncalibrated log odds; those of a weighted sum are the weighted sum."""
        trees = boosting.shapley(self.booster, matrix, self.features)
        return mix(trees, self.linear.contributions(matrix), self.linear_share)


@dataclass(frozen=True)
class Classifier:
    """A fitted and calibrated model."""

    margins: Margins
    calibration: Calibration
    recipe: Recipe = field(default_factory=Recipe)

    @property
    def features(self) -> FeatureSet:
        return self.margins.features

    @property
    def booster(self) -> xgb.Booster:
        return self.margins.booster

    def probabilities(self, matrix: Matrix) -> Floats:
        """Calibrated probabilities (n,)."""
        return self.calibration(self.margins(matrix))

    def contributions(self, matrix: Matrix) -> Floats:
        """Exact Shapley values (n, features) in log odds, positive towards the target.

        Those of the uncalibrated log odds, times the slope of the calibration at a probability of 0.5.
        """
        return self.margins.contributions(matrix) * (self.calibration.rising + self.calibration.falling) / 2

    def save(self, folder: Path, name: str) -> None:
        """Write `<name>.ubj` and `<name>.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        self.booster.save_model(folder / f"{name}.ubj")
        specification = {
            "features": self.features.to_json(),
            "calibration": asdict(self.calibration),
            "recipe": asdict(self.recipe),
            "linear": self.margins.linear.to_json(),
        }
        text = json.dumps(specification, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, name: str) -> Classifier:
        """Read what `save` wrote.

        Raises:
            ModelError: another version of this code wrote the file.
        """
        file = folder / f"{name}.json"
        content = json.loads(file.read_text(encoding="utf-8"))
        if lacking := {"features", "calibration", "recipe", "linear"} - set(content):
            raise ModelError(
                f"{file}: {', '.join(sorted(lacking))} missing: an earlier version wrote it; run `rapport train`"
            )
        booster = xgb.Booster()
        booster.load_model(folder / f"{name}.ubj")
        recipe = Recipe(**{**content["recipe"], "trees": Candidate(**content["recipe"]["trees"])})
        features = FeatureSet.from_json(content["features"])
        margins = Margins(booster, LinearModel.from_json(content["linear"]), features, recipe.linear_share)
        return cls(margins, Calibration(**content["calibration"]), recipe)


def fit(
    examples: Examples,
    features: FeatureSet,
    target: Target,
    recipe: Recipe,
    out_of_sample: tuple[Floats, Floats] | None = None,
    batches: Batches | None = None,
) -> Classifier:
    """Fit and calibrate the recipe.

    Args:
        examples: rows to fit on.
        features: columns of their matrix.
        target: what is predicted.
        recipe: hyper-parameters.
        out_of_sample: (truth, uncalibrated probabilities) of rows, by a model of the same recipe fitted without them;
            they determine the shape of the calibration. If None, such models are fitted here: out of time for the last
            snapshot, or by folds of customers if there are too few snapshots.
        batches: all rows, if the examples are only a sample of them; the trees are fitted on these.
    """
    if out_of_sample is None:
        splits = out_of_time(examples, target.horizon_days) or by_customer(examples)
        covered, predicted = out_of_sample_predictions(examples, features, target, recipe, splits)
        out_of_sample = examples.truth[covered], predicted[covered]
    calibration = fit_shape(*out_of_sample)
    margins = fit_margins(examples, features, target, recipe, batches)
    if not examples.is_timeless:
        calibration = at_level(calibration, margins(examples.matrix), examples.truth, examples.days)
    return Classifier(margins, calibration, recipe)


def fit_margins(
    examples: Examples, features: FeatureSet, target: Target, recipe: Recipe, batches: Batches | None = None
) -> Margins:
    """Trees and linear model, before calibration."""
    parallel = min(max(ROWS_A_ROUND // len(examples), 1), recipe.parallel)
    settings = {**recipe.settings(examples.truth, features, target.signs), "num_parallel_tree": parallel}
    if batches is None:
        booster = boosting.fit(examples.matrix, examples.truth, features, recipe.trees, settings)
    else:
        booster = boosting.fit_streamed(batches, features, recipe.trees, settings)
    ridge = recipe.ridge * overlap(examples, target.horizon_days)
    linear = fit_linear(examples.matrix, examples.truth, features, target.signs, ridge)
    return Margins(booster, linear, features, recipe.linear_share)


def out_of_sample_predictions(
    examples: Examples, features: FeatureSet, target: Target, recipe: Recipe, splits: list[Split]
) -> tuple[Mask, Floats]:
    """(which rows were predicted (n,), uncalibrated probabilities (n,)), each by a model fitted without the row."""
    covered, predicted = np.zeros(len(examples), dtype=bool), np.zeros(len(examples))
    for learn, check in splits:
        predicted[check] = fit_margins(examples.where(learn), features, target, recipe)(examples.matrix[check])
        covered |= check
    return covered, predicted


def overlap(examples: Examples, horizon_days: int) -> int:
    """Number of snapshots whose label windows overlap on one day."""
    days = np.unique(examples.days)
    return int((days > days[-1] - max(horizon_days, 1)).sum())


def mix(trees: Floats, linear: Floats, linear_share: float) -> Floats:
    """Weighted mean of the log odds of trees and linear model."""
    return (1 - linear_share) * trees + linear_share * linear


def _logit(probabilities: Floats) -> Floats:
    clipped = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return np.log(clipped / (1 - clipped))


def _sigmoid(logits: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-logits)))
