"""Fit the driver model, and refit it on resampled customers to know how far its answer can be trusted."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xgboost as xgb

from ml import booster as boosting
from ml.booster import SEED, Candidate
from ml.feature_set import FeatureSet, Matrix
from ml.use_cases.satisfaction.calibration import Calibration, calibrate
from ml.use_cases.satisfaction.features import STEP, Driver, Responses, drivers_of, signs_of
from warehouse.core.configuration import TrainingConfig
from warehouse.core.errors import ModelError

RECIPE = Candidate(depth=2, eta=0.05, rounds=300)
EXPLAINED = 2_000


@dataclass(frozen=True)
class DriverModel:
    """A booster of the score, and by driver what its Shapley values are worth among answers they were not fitted to."""

    booster: xgb.Booster
    features: FeatureSet
    calibrations: dict[str, Calibration]

    def save(self, folder: Path, name: str) -> None:
        """Write `<name>.ubj` and `<name>.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        self.booster.save_model(folder / f"{name}.ubj")
        calibrations = {driver: asdict(calibration) for driver, calibration in self.calibrations.items()}
        content = {"features": self.features.to_json(), "calibrations": calibrations}
        (folder / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, name: str) -> DriverModel:
        """The model that `save` wrote.

        Raises:
            ModelError: where it was written before shares were calibrated.
        """
        booster = xgb.Booster()
        booster.load_model(folder / f"{name}.ubj")
        content = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        if "calibrations" not in content:
            raise ModelError(f"{folder}: the champion's shares are not calibrated; run `rapport train`")
        calibrations = {driver: Calibration(**values) for driver, values in content["calibrations"].items()}
        return cls(booster, FeatureSet.from_json(content["features"]), calibrations)


def fit(
    responses: Responses, features: FeatureSet, count_of_refits: int = TrainingConfig().driver_refits
) -> DriverModel:
    """The model of the score, calibrated by refits on resampled customers, each on the customers it had not drawn."""
    matrix, generator = responses.completed(features), np.random.default_rng(SEED)
    booster = grow(matrix, responses.outcome, features)
    sample = slice(None, None, max(1, len(responses) // EXPLAINED))
    explained = responses.take(sample)
    customers = np.unique(responses.keys.astype(str), return_inverse=True)[1]
    count, refits, left_out = int(customers.max()) + 1, [], []
    for _ in range(count_of_refits):
        times = np.bincount(generator.integers(0, count, count), minlength=count)[customers]
        rows = np.repeat(np.arange(len(responses)), times)
        refits.append(importance(grow(matrix[rows], responses.outcome[rows], features), explained, features))
        left_out.append(times[sample] == 0)
    own = importance(booster, explained, features)
    found = calibrate(own, np.stack(refits), np.stack(left_out), explained.outcome, explained.keys)
    codes = [driver.code for driver in drivers_of(features)]
    return DriverModel(booster, features, dict(zip(codes, found, strict=True)))


def grow(matrix: Matrix, outcome: npt.NDArray[np.float64], features: FeatureSet) -> xgb.Booster:
    """A booster of the score: shallow, lightly shrunk trees that find rare events, each held to the side that is known.

    Strong shrinkage would take from a rare driver (a problem that came back) what it gives to a frequent one.
    """
    objective: dict[str, str | float] = {
        "objective": "reg:squarederror",
        "reg_lambda": 1,
        "min_child_weight": 5,
        "colsample_bytree": 0.3,
        "monotone_constraints": f"({','.join(map(str, signs_of(features)))})",
    }
    return boosting.fit(matrix, outcome, features, RECIPE, objective)


def importance(booster: xgb.Booster, responses: Responses, features: FeatureSet) -> npt.NDArray[np.float64]:
    """Shapley values (n, drivers), each within the step that is rated.

    A driver is what sets answers about the same step apart; what differs from step to step is the step's.
    """
    drivers = drivers_of(features)
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


def by_driver(contributions: npt.NDArray[np.float64], drivers: list[Driver]) -> npt.NDArray[np.float64]:
    """Shapley values (n, drivers): those of the columns of a driver added up."""
    return np.column_stack([contributions[:, list(driver.positions)].sum(axis=1) for driver in drivers])
