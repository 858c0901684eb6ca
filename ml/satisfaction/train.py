"""Fit the driver model, and refit it on resampled responses to know how far its answer can be trusted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xgboost as xgb

from ml import booster as boosting
from ml.booster import SEED, Candidate
from ml.feature_set import FeatureSet, Matrix
from ml.satisfaction.features import STEP, Driver, Responses, drivers_of, signs_of

RECIPE = Candidate(depth=2, eta=0.05, rounds=300)
REFITS = 16
EXPLAINED = 2_000


@dataclass(frozen=True)
class DriverModel:
    """A booster of the score; `spread` is how far each driver's share is from that of the refits (root mean square)."""

    booster: xgb.Booster
    features: FeatureSet
    spread: dict[str, float]

    def save(self, folder: Path, name: str) -> None:
        """Write `<name>.ubj` and `<name>.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        self.booster.save_model(folder / f"{name}.ubj")
        content = {"features": self.features.to_json(), "spread": self.spread}
        (folder / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, name: str) -> DriverModel:
        booster = xgb.Booster()
        booster.load_model(folder / f"{name}.ubj")
        content = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        return cls(booster, FeatureSet.from_json(content["features"]), content["spread"])


def fit(responses: Responses, features: FeatureSet) -> DriverModel:
    """The model of the score, with the spread of its shares over `REFITS` resamples of the responses."""
    matrix, generator = responses.completed(features), np.random.default_rng(SEED)
    booster = grow(matrix, responses.outcome, features)
    drivers = drivers_of(features)
    explained = responses.take(slice(None, None, max(1, len(responses) // EXPLAINED)))
    own = shares(importance(booster, explained, features))
    moved = []
    for _ in range(REFITS):
        rows = generator.integers(0, len(responses), len(responses))
        other = grow(matrix[rows], responses.outcome[rows], features)
        moved.append(shares(importance(other, explained, features)) - own)
    spread = np.sqrt(np.mean(np.square(moved), axis=0))
    return DriverModel(booster, features, {driver.code: float(s) for driver, s in zip(drivers, spread, strict=True)})


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


def shares(contributions: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Share (0-1) of each driver in all that drivers move: mean |Shapley value| over the sum of all."""
    strength = np.abs(contributions).mean(axis=0)
    total = strength.sum()
    return np.asarray(strength / total if total > 0 else strength)
