"""Fit a classifier: trees and lines on every row, calibrated on rows that a model of the same recipe has not seen."""

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
    """All that can be chosen: the trees, how they are held back, and the share of the lines in the log odds.

    `ridge` holds the lines back, in units of one customer's story: nights whose horizons overlap tell it several times.
    `balance` is a class weight without resampling: a positive weighs (negatives / positives) ** balance; calibration
    puts the level right again. `parallel` is how many trees a round may be the mean of.
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
        """XGBoost's parameters beside those of the trees."""
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
    """The two halves of a model before calibration: a booster and a linear model, mixed in log odds."""

    booster: xgb.Booster
    linear: LinearModel
    features: FeatureSet
    linear_share: float

    def __call__(self, matrix: Matrix) -> Floats:
        """Uncalibrated probabilities (n,)."""
        trees = _logit(boosting.predict(self.booster, matrix, self.features))
        return _sigmoid(mix(trees, self.linear.margin(matrix), self.linear_share))

    def contributions(self, matrix: Matrix) -> Floats:
        """Exact Shapley values (n, features) in uncalibrated log odds: of a sum, the sum of its parts'."""
        trees = boosting.shapley(self.booster, matrix, self.features)
        return mix(trees, self.linear.contributions(matrix), self.linear_share)


@dataclass(frozen=True)
class Classifier:
    """A fitted model, what goes into it, and what its output means."""

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

        Those of the uncalibrated log odds, times the slope of the calibration at the even chance.
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
            ModelError: where the file was written by another version of this code.
        """
        file = folder / f"{name}.json"
        content = json.loads(file.read_text(encoding="utf-8"))
        if lacking := {"features", "calibration", "recipe", "linear"} - set(content):
            raise ModelError(f"{file}: {', '.join(sorted(lacking))} missing, so it is of another version; train anew")
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
    unseen: tuple[Floats, Floats] | None = None,
    batches: Batches | None = None,
) -> Classifier:
    """The recipe on these examples; its trees on all `batches` where there are more rows than the examples hold.

    The shape of the calibration comes from `unseen`, (truth, uncalibrated probabilities) of rows by a model of the same
    recipe that had not seen them. Without it such models are fitted: for the last snapshot one that learnt only from
    snapshots whose labels were known by then, or, where the examples do not reach that far back, by folds of customers.
    """
    if unseen is None:
        splits = out_of_time(examples, target.horizon_days) or by_customer(examples)
        seen, guess = unseen_predictions(examples, features, target, recipe, splits)
        unseen = examples.truth[seen], guess[seen]
    calibration = fit_shape(unseen[0], unseen[1])
    margins = fit_margins(examples, features, target, recipe, batches)
    if not examples.is_timeless:
        calibration = at_level(calibration, margins(examples.matrix), examples.truth, examples.days)
    return Classifier(margins, calibration, recipe)


def fit_margins(
    examples: Examples, features: FeatureSet, target: Target, recipe: Recipe, batches: Batches | None = None
) -> Margins:
    """Trees and lines, before calibration."""
    parallel = min(max(ROWS_A_ROUND // len(examples), 1), recipe.parallel)
    settings = {**recipe.settings(examples.truth, features, target.signs), "num_parallel_tree": parallel}
    if batches is None:
        booster = boosting.fit(examples.matrix, examples.truth, features, recipe.trees, settings)
    else:
        booster = boosting.fit_streamed(batches, features, recipe.trees, settings)
    ridge = recipe.ridge * overlap(examples, target.horizon_days)
    linear = fit_linear(examples.matrix, examples.truth, features, target.signs, ridge)
    return Margins(booster, linear, features, recipe.linear_share)


def unseen_predictions(
    examples: Examples, features: FeatureSet, target: Target, recipe: Recipe, splits: list[Split]
) -> tuple[Mask, Floats]:
    """(which rows were predicted, uncalibrated probabilities), each by a model that has not seen the row."""
    seen, guess = np.zeros(len(examples), dtype=bool), np.zeros(len(examples))
    for learn, check in splits:
        guess[check] = fit_margins(examples.where(learn), features, target, recipe)(examples.matrix[check])
        seen |= check
    return seen, guess


def overlap(examples: Examples, horizon_days: int) -> int:
    """How many of the nights look ahead over one and the same day."""
    days = np.unique(examples.days)
    return int((days > days[-1] - max(horizon_days, 1)).sum())


def mix(trees: Floats, lines: Floats, linear_share: float) -> Floats:
    """Trees and lines in log odds, by the share of the lines."""
    return (1 - linear_share) * trees + linear_share * lines


def _logit(probabilities: Floats) -> Floats:
    clipped = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return np.log(clipped / (1 - clipped))


def _sigmoid(logits: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-logits)))
