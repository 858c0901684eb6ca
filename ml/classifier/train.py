"""Fit a classifier: choose the candidate on rows it has not seen, calibrate there, refit on everything."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xgboost as xgb

from ml import booster as boosting
from ml.booster import Candidate
from ml.calibration import Calibration, at_level, fit_slope
from ml.classifier.examples import Examples
from ml.classifier.splits import Mask, Split, by_customer, out_of_time
from ml.classifier.target import Target
from ml.feature_set import FeatureSet, Matrix
from ml.metrics import auc

CANDIDATES = (Candidate(2, 0.05, 300), Candidate(3, 0.05, 180), Candidate(4, 0.05, 120))
#: A deeper model must be better by this much AUC than a simpler one.
SIMPLICITY = 0.001
LOGISTIC = {"objective": "binary:logistic"}


@dataclass(frozen=True)
class Classifier:
    """A booster, what goes into it, and what its output means."""

    booster: xgb.Booster
    features: FeatureSet
    calibration: Calibration
    candidate: Candidate

    def probabilities(self, matrix: Matrix) -> npt.NDArray[np.float64]:
        """Calibrated probabilities (n,)."""
        return self.calibration(boosting.predict(self.booster, matrix, self.features))

    def contributions(self, matrix: Matrix) -> npt.NDArray[np.float64]:
        """Exact Shapley values (n, features) in calibrated log odds, positive towards the target."""
        return boosting.shapley(self.booster, matrix, self.features) * self.calibration.slope

    def save(self, folder: Path, name: str) -> None:
        """Write `<name>.ubj` and `<name>.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        self.booster.save_model(folder / f"{name}.ubj")
        specification = {
            "features": self.features.to_json(),
            "calibration": asdict(self.calibration),
            "candidate": asdict(self.candidate),
        }
        text = json.dumps(specification, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, name: str) -> Classifier:
        booster = xgb.Booster()
        booster.load_model(folder / f"{name}.ubj")
        content = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        return cls(
            booster,
            FeatureSet.from_json(content["features"]),
            Calibration(**content["calibration"]),
            Candidate(**content["candidate"]),
        )


def fit(examples: Examples, features: FeatureSet, target: Target) -> Classifier:
    """The whole recipe on these examples.

    Candidate and slope come from predictions of the last snapshot by a model that learnt only from snapshots whose
    labels were known by then; where the examples do not reach that far back, from folds of customers.
    """
    splits = out_of_time(examples, target.horizon_days) or by_customer(examples)
    tried = [unseen_predictions(examples, features, candidate, splits) for candidate in CANDIDATES]
    best, areas = 0, [auc(examples.truth[seen], guess[seen]) for seen, guess in tried]
    for position, area in enumerate(areas):
        best = position if area > areas[best] + SIMPLICITY else best
    seen, guess = tried[best]
    calibration = fit_slope(examples.truth[seen], guess[seen])
    booster = boosting.fit(examples.matrix, examples.truth, features, CANDIDATES[best], LOGISTIC)
    if not examples.is_timeless:
        fitted = boosting.predict(booster, examples.matrix, features)
        calibration = at_level(calibration.slope, fitted, float(examples.truth.mean()))
    return Classifier(booster, features, calibration, CANDIDATES[best])


def unseen_predictions(
    examples: Examples, features: FeatureSet, candidate: Candidate, splits: list[Split]
) -> tuple[Mask, npt.NDArray[np.float64]]:
    """(which rows were predicted, raw probabilities), each by a model that has not seen the row."""
    seen, guess = np.zeros(len(examples), dtype=bool), np.zeros(len(examples))
    for learn, check in splits:
        booster = boosting.fit(examples.matrix[learn], examples.truth[learn], features, candidate, LOGISTIC)
        guess[check] = boosting.predict(booster, examples.matrix[check], features)
        seen |= check
    return seen, guess
