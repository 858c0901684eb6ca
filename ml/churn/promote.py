"""The gate: what a churn model must be before it may score anybody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.churn.evaluate import Evaluation
from ml.churn.features import Examples
from ml.churn.train import ChurnModel
from ml.metrics import auc


@dataclass(frozen=True)
class Limits:
    """What is too good to be true, what is too little, and how much worse than the champion is worse."""

    most_auc_alone: float = 0.95
    most_auc: float = 0.97
    fewest_leavers: int = 50
    least_auc_low: float = 0.5
    most_calibration_error: float = 0.15
    auc_margin: float = 0.01
    brier_margin: float = 0.005


LIMITS = Limits()


def objections(
    evaluation: Evaluation, champion: ChurnModel | None = None, champion_slice: Examples | None = None
) -> list[str]:
    """Why the model may not go live, in words; empty if it may.

    `champion` is the model of the champion's recipe that has not seen the slice, `champion_slice` the same rows as
    `evaluation.slice` in the champion's own columns.
    """
    found = [*_too_good(evaluation), *_too_little(evaluation)]
    if champion is not None and champion_slice is not None:
        found += _worse(evaluation, champion, champion_slice)
    return found


def _too_good(evaluation: Evaluation) -> list[str]:
    leaks = [name for name, area in evaluation.alone.items() if area > LIMITS.most_auc_alone]
    found = [
        f"{name} alone tells leavers from stayers with AUC {evaluation.alone[name]:.3f} "
        f"(more than {LIMITS.most_auc_alone}): it knows the answer; remove it, or correct when it is recorded"
        for name in sorted(leaks)
    ]
    if evaluation.metrics["auc"] > LIMITS.most_auc:
        found.append(
            f"AUC {evaluation.metrics['auc']:.3f} is too good to be true (more than {LIMITS.most_auc}): look for a leak"
        )
    return found


def _too_little(evaluation: Evaluation) -> list[str]:
    figures, found = evaluation.metrics, []
    if figures["leavers"] < LIMITS.fewest_leavers:
        found.append(
            f"only {figures['leavers']:.0f} leavers to learn from, {LIMITS.fewest_leavers} are needed; "
            "wait, or lengthen churn.horizon_days"
        )
    if figures["auc_low"] <= LIMITS.least_auc_low:
        found.append(f"AUC {figures['auc']:.3f} (from {figures['auc_low']:.3f}) is not better than chance")
    if figures["calibration_error"] > LIMITS.most_calibration_error:
        found.append(
            f"calibration error {figures['calibration_error']:.3f} is above {LIMITS.most_calibration_error}: "
            "probabilities are not what they say"
        )
    return found


def _worse(evaluation: Evaluation, champion: ChurnModel, rows: Examples) -> list[str]:
    said = champion.probabilities(rows.matrix)
    area, champion_area = auc(rows.churned, evaluation.probabilities), auc(rows.churned, said)
    brier = float(np.mean((evaluation.probabilities - rows.churned) ** 2))
    champion_brier = float(np.mean((said - rows.churned) ** 2))
    if area < champion_area - LIMITS.auc_margin:
        return [f"AUC {area:.3f} is worse than the champion's {champion_area:.3f} on the same {len(rows)} rows"]
    if brier > champion_brier + LIMITS.brier_margin:
        return [f"Brier score {brier:.4f} is worse than the champion's {champion_brier:.4f} on the same rows"]
    return []
