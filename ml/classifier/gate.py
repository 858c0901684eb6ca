"""The gate: what a classifier must be before it may score anybody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.classifier.evaluate import Evaluation
from ml.classifier.target import Target
from ml.metrics import expected_calibration_error


@dataclass(frozen=True)
class Limits:
    """What is too good to be true, what is too little, and how much worse than the champion is worse.

    `most_importance` counts where there are `fewest_features` or more to share it.
    """

    most_auc_alone: float = 0.95
    most_auc: float = 0.97
    most_importance: float = 0.8
    fewest_features: int = 4
    fewest_positives: int = 50
    least_auc_low: float = 0.5
    most_calibration_error: float = 0.15
    calibration_margin: float = 0.01


LIMITS = Limits()


def objections(evaluation: Evaluation, target: Target, champion: npt.NDArray[np.float64] | None = None) -> list[str]:
    """Why the model may not go live, in words; empty if it may.

    `champion` are the probabilities that a model of the champion's recipe and age, which has not seen the slice, gives
    the rows of `evaluation.slice`.
    """
    found = [*_too_good(evaluation, target), *_too_little(evaluation, target)]
    if champion is not None:
        found += _worse(evaluation, champion)
    return found


def _too_good(evaluation: Evaluation, target: Target) -> list[str]:
    words, found = target.words, []
    how = f"; if it is known beforehand, add it to {target.acknowledge_in}" if target.acknowledge_in else ""
    for name, area in sorted(evaluation.alone.items()):
        if area > LIMITS.most_auc_alone and name not in target.acknowledged:
            found.append(
                f"{name} alone tells {words.positives} from {words.negatives} with AUC {area:.3f} (more than "
                f"{LIMITS.most_auc_alone}): it seems to know the answer; remove it, or correct when it is recorded{how}"
            )
    for name, share in sorted(evaluation.importance.items()):
        concentrated = share > LIMITS.most_importance and len(evaluation.importance) >= LIMITS.fewest_features
        if concentrated and name not in target.acknowledged:
            found.append(
                f"{name} makes up {share:.0%} of all that the model weighs (more than {LIMITS.most_importance:.0%}): "
                f"look whether it knows the answer{how}"
            )
    if evaluation.metrics["auc"] > LIMITS.most_auc and not target.acknowledged:
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


def _worse(evaluation: Evaluation, champion: npt.NDArray[np.float64]) -> list[str]:
    """Profit is expected maximum profit: it uses every row, where that of a short list is mostly chance.

    Only where the list's own profit is surely lower does it speak too.
    """
    truth, rows, found = evaluation.slice.truth, f"on the same {len(champion):,} rows", []
    against = evaluation.judge.against(evaluation.probabilities, champion)
    ours, theirs = (evaluation.judge.profits(said) for said in (evaluation.probabilities, champion))
    if against["empc_cents"][0] < 0:
        found.append(
            f"expected maximum profit {ours['empc_cents']:.1f} cents a customer is worse than the champion's "
            f"{theirs['empc_cents']:.1f} {rows}"
        )
    if against["profit_cents"][2] < 0:
        found.append(
            f"profit of the list {ours['profit_cents']:,.0f} cents is worse than the champion's "
            f"{theirs['profit_cents']:,.0f} {rows}"
        )
    error, before = (expected_calibration_error(truth, said) for said in (evaluation.probabilities, champion))
    if error > before + LIMITS.calibration_margin:
        found.append(f"calibration error {error:.3f} is worse than the champion's {before:.3f} {rows}")
    return found
