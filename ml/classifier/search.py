"""Search of the hyper-parameters on rows left out of the fits, within a fixed number of trials.

Optuna's tree-structured Parzen estimator (Bergstra et al. 2011) proposes recipes, with a fixed seed. The first proposal
is the house recipe; another one replaces it only if its gain exceeds what noise alone would give the best of all
trials.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import optuna

from ml import booster as boosting
from ml.booster import SEED, Candidate
from ml.calibration import fit_shape
from ml.classifier.examples import Examples
from ml.classifier.linear import fit_linear
from ml.classifier.splits import Split, by_customer, out_of_time
from ml.classifier.target import Target
from ml.classifier.train import Recipe, mix, overlap
from ml.feature_set import FeatureSet
from warehouse.core.configuration import TrainingConfig

Floats = npt.NDArray[np.float64]

LINEAR_SHARES = (0.0, 0.25, 0.5, 0.75)
RIDGES = (30.0, 100.0, 300.0, 1000.0, 3000.0)
#: Trials grow half the trees at twice the learning rate.
SPEED_UP = 2
HOUSE = Recipe()
FULL_BUDGET = TrainingConfig()


@dataclass(frozen=True)
class _Fold:
    """One split: rows to fit on, rows to check, and the log odds of the linear model on the latter, by ridge."""

    learn: Examples
    check: Examples
    linear: dict[float, Floats]


def search(examples: Examples, features: FeatureSet, target: Target, training: TrainingConfig = FULL_BUDGET) -> Recipe:
    """The recipe with the lowest log loss out of time, or by folds of customers if there are too few snapshots.

    The loss is computed after recalibration on the checked rows, so that a seasonal level has no influence. Without
    trials the house recipe is returned.
    """
    if not training.search_trials:
        return replace(HOUSE, parallel=training.trees_a_round)
    splits = out_of_time(examples, target.horizon_days) or by_customer(examples)[:2]
    folds = [_fold(examples, features, target, split, training) for split in splits]
    losses: dict[Recipe, Floats] = {}

    def loss_of(trial: optuna.Trial) -> float:
        proposed = _proposed(trial)
        for recipe, loss in _losses(folds, features, target.signs, proposed):
            losses[recipe] = loss
        return min(float(losses[recipe].mean()) for recipe in _mixtures(proposed))

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.TPESampler(seed=SEED, n_startup_trials=training.search_trials // 2)
    study = optuna.create_study(sampler=sampler)
    study.enqueue_trial(_parameters(HOUSE))
    study.optimize(loss_of, n_trials=training.search_trials)
    return replace(_better_than_house(losses), parallel=training.trees_a_round)


def _better_than_house(losses: Mapping[Recipe, Floats]) -> Recipe:
    """The best recipe if its gain passes the universal threshold for this number of comparisons, else the house recipe.

    Donoho & Johnstone 1994, Biometrika 81:425: the largest of n standardised noise values stays below sqrt(2 ln n).
    """
    best = min(losses, key=lambda recipe: float(losses[recipe].mean()))
    gain = losses[HOUSE] - losses[best]
    noise = float(gain.std()) / np.sqrt(len(gain)) * np.sqrt(2 * np.log(len(losses)))
    return best if float(gain.mean()) > noise else HOUSE


def _proposed(trial: optuna.Trial) -> Recipe:
    depth = trial.suggest_int("depth", 2, 5)
    trees = trial.suggest_int("trees", 60, 300, step=20)
    return Recipe(
        Candidate(depth, HOUSE.trees.eta, trees),
        min_child_weight=trial.suggest_float("min_child_weight", 2, 80, log=True),
        reg_lambda=trial.suggest_float("reg_lambda", 2, 80, log=True),
        colsample_bytree=trial.suggest_float("colsample_bytree", 0.2, 0.8, step=0.1),
        balance=trial.suggest_categorical("balance", (0.0, 0.5)),
    )


def _parameters(recipe: Recipe) -> dict[str, float]:
    return {
        "depth": recipe.trees.depth,
        "trees": recipe.trees.rounds,
        "min_child_weight": recipe.min_child_weight,
        "reg_lambda": recipe.reg_lambda,
        "colsample_bytree": recipe.colsample_bytree,
        "balance": recipe.balance,
    }


def _losses(
    folds: list[_Fold], features: FeatureSet, signs: Mapping[str, int], proposed: Recipe
) -> list[tuple[Recipe, Floats]]:
    """The loss (rows checked,) of a proposal with every share and ridge of the linear model."""
    quick = Candidate(proposed.trees.depth, proposed.trees.eta * SPEED_UP, proposed.trees.rounds // SPEED_UP)
    trees = []
    for fold in folds:
        settings = proposed.settings(fold.learn.truth, features, signs)
        booster = boosting.fit(fold.learn.matrix, fold.learn.truth, features, quick, settings)
        predicted = np.clip(boosting.predict(booster, fold.check.matrix, features), 1e-6, 1 - 1e-6)
        trees.append(np.log(predicted / (1 - predicted)))
    found = []
    for recipe in _mixtures(proposed):
        pairs = zip(folds, trees, strict=True)
        margins = [(fold, mix(margin, fold.linear[recipe.ridge], recipe.linear_share)) for fold, margin in pairs]
        found.append((recipe, np.concatenate([_loss(fold.check.truth, margin) for fold, margin in margins])))
    return found


def _mixtures(proposed: Recipe) -> list[Recipe]:
    """The same trees with every share and ridge of the linear model."""
    return [replace(proposed, linear_share=s, ridge=r) for s in LINEAR_SHARES for r in RIDGES if s or r == HOUSE.ridge]


def _loss(truth: Floats, margin: Floats) -> Floats:
    raw = 1.0 / (1.0 + np.exp(-margin))
    predicted = np.clip(fit_shape(truth, raw)(raw), 1e-6, 1 - 1e-6)
    return np.asarray(-(truth * np.log(predicted) + (1 - truth) * np.log(1 - predicted)))


def _fold(examples: Examples, features: FeatureSet, target: Target, split: Split, training: TrainingConfig) -> _Fold:
    learn = _sampled(examples.where(split[0]), training.search_rows)
    check = _sampled(examples.where(split[1]), training.search_check_rows)
    times = overlap(learn, target.horizon_days)
    margins = {}
    for ridge in RIDGES:
        linear = fit_linear(learn.matrix, learn.truth, features, target.signs, ridge * times)
        margins[ridge] = linear.margin(check.matrix)
    return _Fold(learn, check, margins)


def _sampled(examples: Examples, most: int) -> Examples:
    """A fixed random sample of at most `most` rows."""
    if len(examples) <= most:
        return examples
    mask = np.zeros(len(examples), dtype=bool)
    mask[np.random.default_rng(SEED).choice(len(examples), most, replace=False)] = True
    return examples.where(mask)
