"""The driver model: a booster of the score, with a calibration of the Shapley values of each driver."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xgboost as xgb

from ml.drivers.names import Driver
from ml.feature_set import FeatureSet
from warehouse.core.errors import ModelError

NAME = "satisfaction_drivers"


@dataclass(frozen=True)
class Calibration:
    """How the Shapley values of one driver relate to its real strength.

    Attributes:
        share: share of the driver in the uncalibrated model (0-1).
        scale: factor by which its Shapley values are multiplied.
        error: standard error of `scale`.
        spread: standard deviation of the squared share between the `refits` models.
        refits: number of models fitted to resampled customers.
    """

    share: float
    scale: float
    error: float
    spread: float
    refits: int


@dataclass(frozen=True)
class DriverModel:
    """A booster of the score, its columns, and the calibration of each driver by code."""

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
            ModelError: if the model was saved by a version that did not calibrate shares.
        """
        booster = xgb.Booster()
        booster.load_model(folder / f"{name}.ubj")
        content = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        if "calibrations" not in content:
            raise ModelError(f"{folder}: the champion's shares are not calibrated; run `rapport train`")
        calibrations = {driver: Calibration(**values) for driver, values in content["calibrations"].items()}
        return cls(booster, FeatureSet.from_json(content["features"]), calibrations)


def by_driver(contributions: npt.NDArray[np.float64], drivers: Sequence[Driver]) -> npt.NDArray[np.float64]:
    """Shapley values (n, drivers) from those of the columns (n, columns): the sum over the columns of each driver."""
    return np.column_stack([contributions[:, list(driver.positions)].sum(axis=1) for driver in drivers])
