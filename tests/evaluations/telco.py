"""Telco: churn from 19 attributes, in five stratified folds, compared with three peers on the same folds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from ml.classifier.card import table
from ml.classifier.examples import Labelled
from ml.classifier.search import search
from ml.classifier.splits import stratified
from ml.classifier.train import fit
from ml.metrics import auc, classification_metrics
from ml.resampling import intervals
from ml.use_cases.churn.features import churn_target
from tests.company import Company
from tests.evaluations import Evaluation
from tests.peers import peers
from warehouse.core.settings import PROJECT, Settings, settings_from_environment

NIGHT = date(2020, 1, 1)
CONFIG = PROJECT / "examples" / "telco" / "rapport.yml"
OURS = "this model"


def evaluate(work: Path) -> Evaluation:
    """Build the features with the real command, then measure."""
    company = Company(work / "home", CONFIG)
    company.run("train")
    return measure(company.home)


def measure(home: Path) -> Evaluation:
    """Every fold searched, fitted and calibrated on the other four; figures on all rows together."""
    settings = Settings(home, CONFIG, settings_from_environment().datasets)
    target = churn_target(settings, NIGHT)
    labelled = Labelled(settings, NIGHT, target)
    features = labelled.features()
    examples = labelled.read(features)
    predicted: dict[str, np.ndarray] = {}
    for learn, check in stratified(examples):
        learnt, held_out = examples.where(learn), examples.where(check)
        model = fit(learnt, features, target, search(learnt, features, target))
        ours = {OURS: model.probabilities(held_out.matrix)}
        for name, probabilities in {**ours, **peers(learnt, held_out, features)}.items():
            predicted.setdefault(name, np.zeros(len(examples)))[check] = probabilities
    found = {name: classification_metrics(examples.truth, one) for name, one in predicted.items()}
    best = max((name for name in found if name != OURS), key=lambda name: found[name]["auc"])

    def gap(rows: np.ndarray) -> dict[str, float]:
        return {
            "gap": auc(examples.truth[rows], predicted[OURS][rows]) - auc(examples.truth[rows], predicted[best][rows])
        }

    low, high = intervals(examples.truth, gap)["gap"]
    difference = found[OURS]["auc"] - found[best]["auc"]
    figures = {**found[OURS], "best_peer_auc": found[best]["auc"], "auc_to_best_peer": difference}
    return Evaluation("Telco: churn from attributes", figures, _text(found, best, difference, low, high))


def _text(found: dict[str, dict[str, float]], best: str, difference: float, low: float, high: float) -> str:
    rows = [
        (
            name,
            f"{one['auc']:.4f} ({one['auc_low']:.3f} to {one['auc_high']:.3f})",
            f"{one['pr_auc']:.3f}",
            f"{one['brier']:.4f}",
            f"{one['calibration_error']:.3f}",
            f"{one['lift_top_decile']:.2f}",
        )
        for name, one in found.items()
    ]
    head = ("five folds", "AUC", "average precision", "Brier", "calibration error", "top-decile lift")
    count = found[OURS]["n"]
    return (
        f"{count:,.0f} customers; each fold is searched, fitted and calibrated on the others.\n\n{table(head, rows)}"
        f"\n\nAUC against the best peer ({best}): {difference:+.4f} (95 % {low:+.4f} to {high:+.4f}, paired).\n"
    )
