"""The gate: what a classifier must be before it may score anybody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.classifier.evaluate import Evaluation
from ml.classifier.examples import Examples
from ml.classifier.target import Target
from ml.classifier.train import Classifier
from ml.metrics import auc


@dataclass(frozen=True)
class Limits:
    """What is too good to be true, what is too little, and how much worse than the champion is worse."""

    most_auc_alone: float = 0.95
    most_auc: float = 0.97
    fewest_positives: int = 50
    least_auc_low: float = 0.5
    most_calibration_error: float = 0.15
    auc_margin: float = 0.01
    brier_margin: float = 0.005


LIMITS = Limits()


def objections(
    evaluation: Evaluation,
    target: Target,
    champion: Classifier | None = None,
    champion_slice: Examples | None = None,
) -> list[str]:
    """Why the model may not go live, in words; empty if it may.

    `champion` is the model of the champion's recipe that has not seen the slice, `champion_slice` the same rows as
    `evaluation.slice` in the champion's own columns.
    """
    found = [*_too_good(evaluation, target), *_too_little(evaluation, target)]
    if champion is not None and champion_slice is not None:
        found += _worse(evaluation, champion, champion_slice)
    return found


def _too_good(evaluation: Evaluation, target: Target) -> list[str]:
    words = target.words
    leaks = [name for name, area in evaluation.alone.items() if area > LIMITS.most_auc_alone]
    found = [
        f"{name} alone tells {words.positives} from {words.negatives} with AUC {evaluation.alone[name]:.3f} "
        f"(more than {LIMITS.most_auc_alone}): it knows the answer; remove it, or correct when it is recorded"
        for name in sorted(leaks)
    ]
    if evaluation.metrics["auc"] > LIMITS.most_auc:
        found.append(
            f"AUC {evaluation.metrics['auc']:.3f} is too good to be true (more than {LIMITS.most_auc}): look for a leak"
        )
    return found


def _too_little(evaluation: Evaluation, target: Target) -> list[str]:
    figures, found = evaluation.metrics, []
    if figures["positives_learnt"] < LIMITS.fewest_positives:
        found.append(
            f"only {figures['positives_learnt']:.0f} {target.words.positives} to learn from, "
            f"{LIMITS.fewest_positives} are needed; wait, or lengthen the horizon"
        )
    if figures["auc_low"] <= LIMITS.least_auc_low:
        found.append(f"AUC {figures['auc']:.3f} (from {figures['auc_low']:.3f}) is not better than chance")
    if figures["calibration_error"] > LIMITS.most_calibration_error:
        found.append(
            f"calibration error {figures['calibration_error']:.3f} is above {LIMITS.most_calibration_error}: "
            "probabilities are not what they say"
        )
    return found


def _worse(evaluation: Evaluation, champion: Classifier, rows: Examples) -> list[str]:
    said = champion.probabilities(rows.matrix)
    area, champion_area = auc(rows.truth, evaluation.probabilities), auc(rows.truth, said)
    brier = float(np.mean((evaluation.probabilities - rows.truth) ** 2))
    champion_brier = float(np.mean((said - rows.truth) ** 2))
    if area < champion_area - LIMITS.auc_margin:
        return [f"AUC {area:.3f} is worse than the champion's {champion_area:.3f} on the same {len(rows)} rows"]
    if brier > champion_brier + LIMITS.brier_margin:
        return [f"Brier score {brier:.4f} is worse than the champion's {champion_brier:.4f} on the same rows"]
    return []
