"""Fits the driver model, and refits it on resampled customers to calibrate its shares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xgboost as xgb

from ml import booster as boosting
from ml.booster import SEED, Candidate
from ml.drivers.model import DriverModel, by_driver
from ml.drivers.names import Driver, DriverNames
from ml.drivers.responses import STEP, Responses
from ml.feature_set import FeatureSet, Matrix
from ml.use_cases.satisfaction.calibration import calibrate
from warehouse.core.configuration import TrainingConfig

RECIPE = Candidate(depth=2, eta=0.05, rounds=300)
#: Number of responses, about, whose Shapley values calibrate the model.
EXPLAINED = 2_000


def fit(
    responses: Responses,
    features: FeatureSet,
    names: DriverNames,
    count_of_refits: int = TrainingConfig().driver_refits,
) -> DriverModel:
    """The model of the score, calibrated by refits on resampled customers, each tested on the customers not drawn."""
    matrix, generator = responses.completed(features), np.random.default_rng(SEED)
    drivers, signs = names.drivers_of(features), names.signs_of(features)
    booster = grow(matrix, responses.outcome, features, signs)
    sample = slice(None, None, max(1, len(responses) // EXPLAINED))
    explained = responses.take(sample)
    customers = np.unique(responses.keys.astype(str), return_inverse=True)[1]
    count, refits, left_out = int(customers.max()) + 1, [], []
    for _ in range(count_of_refits):
        times = np.bincount(generator.integers(0, count, count), minlength=count)[customers]
        rows = np.repeat(np.arange(len(responses)), times)
        refit = grow(matrix[rows], responses.outcome[rows], features, signs)
        refits.append(importance(refit, explained, features, drivers))
        left_out.append(times[sample] == 0)
    own = importance(booster, explained, features, drivers)
    found = calibrate(own, np.stack(refits), np.stack(left_out), explained.outcome, explained.keys)
    return DriverModel(booster, features, dict(zip((driver.code for driver in drivers), found, strict=True)))


def grow(matrix: Matrix, outcome: npt.NDArray[np.float64], features: FeatureSet, signs: Sequence[int]) -> xgb.Booster:
    """A booster of the score (n,) from the completed matrix (n, columns).

    The trees are shallow and lightly regularised: strong regularisation would credit the effect of a rare driver to a
    frequent one. `signs` restricts the direction in which each column may move the score.
    """
    objective: dict[str, str | float] = {
        "objective": "reg:squarederror",
        "reg_lambda": 1,
        "min_child_weight": 5,
        "colsample_bytree": 0.3,
        "monotone_constraints": f"({','.join(map(str, signs))})",
    }
    return boosting.fit(matrix, outcome, features, RECIPE, objective)


def importance(
    booster: xgb.Booster, responses: Responses, features: FeatureSet, drivers: Sequence[Driver]
) -> npt.NDArray[np.float64]:
    """Shapley values (n, drivers) relative to the mean of the same journey step.

    Differences between steps are credited to the driver `touchpoint`, differences within a step to the other drivers.
    """
    contributions = by_driver(boosting.shapley(booster, responses.completed(features), features), drivers)
    steps, number = np.unique(responses.steps.astype(str), return_inverse=True)
    weights = np.maximum(np.bincount(number, minlength=len(steps)), 1)[:, None]
    sums = np.zeros((len(steps), contributions.shape[1]))
    np.add.at(sums, number, contributions)
    of_step = (sums / weights)[number]
    within = contributions - of_step
    for position, driver in enumerate(drivers):
        if driver.code == STEP:
            within[:, position] += of_step.sum(axis=1) - of_step.sum(axis=1).mean()
    return within
