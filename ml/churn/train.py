"""Fit a churn model: choose the candidate on rows it has not seen, calibrate there, refit on everything."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xgboost as xgb
from sklearn.model_selection import StratifiedKFold

from ml import booster as boosting
from ml.booster import SEED, Candidate
from ml.calibration import Calibration, at_level, fit_slope
from ml.churn.features import FOLDS, Examples
from ml.feature_set import FeatureSet, Matrix
from ml.metrics import auc

CANDIDATES = (Candidate(2, 0.05, 300), Candidate(3, 0.05, 180), Candidate(4, 0.05, 120))
#: A deeper model must be better by this much AUC than a simpler one.
SIMPLICITY = 0.001
LOGISTIC = {"objective": "binary:logistic"}

Split = tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]


@dataclass(frozen=True)
class ChurnModel:
    """A booster, what goes into it, and what its output means."""

    booster: xgb.Booster
    features: FeatureSet
    calibration: Calibration
    candidate: Candidate

    def probabilities(self, matrix: Matrix) -> npt.NDArray[np.float64]:
        """Calibrated probabilities (n,) of churn within the horizon."""
        return self.calibration(boosting.predict(self.booster, matrix, self.features))

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
    def load(cls, folder: Path, name: str) -> ChurnModel:
        booster = xgb.Booster()
        booster.load_model(folder / f"{name}.ubj")
        content = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        return cls(
            booster,
            FeatureSet.from_json(content["features"]),
            Calibration(**content["calibration"]),
            Candidate(**content["candidate"]),
        )


def fit(examples: Examples, features: FeatureSet, horizon_days: int) -> ChurnModel:
    """The whole recipe on these examples.

    Candidate and slope come from predictions of the last snapshot by a model that learnt only from snapshots whose
    labels were known by then; where the examples do not reach that far back, from folds of customers.
    """
    splits = out_of_time(examples, horizon_days) or by_customer(examples)
    timeless = len(np.unique(examples.days)) == 1
    tried = [unseen_predictions(examples, features, candidate, splits) for candidate in CANDIDATES]
    best, areas = 0, [auc(examples.churned[seen], guess[seen]) for seen, guess in tried]
    for position, area in enumerate(areas):
        best = position if area > areas[best] + SIMPLICITY else best
    seen, guess = tried[best]
    calibration = fit_slope(examples.churned[seen], guess[seen])
    booster = boosting.fit(examples.matrix, examples.churned, features, CANDIDATES[best], LOGISTIC)
    if not timeless:
        fitted = boosting.predict(booster, examples.matrix, features)
        calibration = at_level(calibration.slope, fitted, float(examples.churned.mean()))
    return ChurnModel(booster, features, calibration, CANDIDATES[best])


def out_of_time(examples: Examples, horizon_days: int) -> list[Split]:
    """(learn, check): the last snapshot, and those whose labels had matured by then; empty if there are none."""
    last = examples.days.max()
    learn, check = examples.days + horizon_days <= last, examples.days == last
    return [(learn, check)] if both_classes(examples, learn) and both_classes(examples, check) else []


def by_customer(examples: Examples) -> list[Split]:
    """Five folds in which a customer is only ever on one side."""
    folds = examples.folds
    return [(folds != fold, folds == fold) for fold in range(FOLDS)]


def stratified(examples: Examples) -> list[Split]:
    """Five folds with the same share of leavers; for a single snapshot, where each customer is there once."""
    folder = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    splits = []
    for _, held_out in folder.split(examples.matrix, examples.churned):
        check = np.zeros(len(examples), dtype=bool)
        check[held_out] = True
        splits.append((~check, check))
    return splits


def unseen_predictions(
    examples: Examples, features: FeatureSet, candidate: Candidate, splits: list[Split]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
    """(which rows were predicted, raw probabilities), each by a model that has not seen the row."""
    seen, guess = np.zeros(len(examples), dtype=bool), np.zeros(len(examples))
    for learn, check in splits:
        booster = boosting.fit(examples.matrix[learn], examples.churned[learn], features, candidate, LOGISTIC)
        guess[check] = boosting.predict(booster, examples.matrix[check], features)
        seen |= check
    return seen, guess


def both_classes(examples: Examples, mask: npt.NDArray[np.bool_]) -> bool:
    """Whether leavers and stayers are both among these rows, five of each at the least."""
    leavers = examples.churned[mask].sum()
    return bool(min(leavers, mask.sum() - leavers) >= 5)
