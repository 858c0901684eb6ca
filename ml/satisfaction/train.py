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
from ml.feature_set import FeatureSet
from ml.satisfaction.features import Driver, Responses, drivers_of

RECIPE = Candidate(depth=3, eta=0.05, rounds=150)
SQUARED_ERROR = {"objective": "reg:squarederror"}
REFITS = 16
EXPLAINED = 2_000


@dataclass(frozen=True)
class DriverModel:
    """A booster of the score; `spread` is the standard deviation of each driver's share over the refits."""

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
    booster = boosting.fit(responses.matrix, responses.outcome, features, RECIPE, SQUARED_ERROR)
    drivers, generator = drivers_of(features), np.random.default_rng(SEED)
    explained = responses.matrix[:: max(1, len(responses) // EXPLAINED)]
    refits = []
    for _ in range(REFITS):
        rows = generator.integers(0, len(responses), len(responses))
        other = boosting.fit(responses.matrix[rows], responses.outcome[rows], features, RECIPE, SQUARED_ERROR)
        refits.append(shares(by_driver(boosting.shapley(other, explained, features), drivers)))
    spread = np.std(refits, axis=0)
    return DriverModel(booster, features, {driver.code: float(s) for driver, s in zip(drivers, spread, strict=True)})


def by_driver(contributions: npt.NDArray[np.float64], drivers: list[Driver]) -> npt.NDArray[np.float64]:
    """Shapley values (n, drivers): those of the columns of a driver added up."""
    return np.column_stack([contributions[:, list(driver.positions)].sum(axis=1) for driver in drivers])


def shares(contributions: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Share (0-1) of each driver in all that drivers move: mean |Shapley value| over the sum of all."""
    strength = np.abs(contributions).mean(axis=0)
    total = strength.sum()
    return np.asarray(strength / total if total > 0 else strength)
