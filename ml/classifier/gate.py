"""The gate of a classifier: reasons why a new version may not score customers."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from ml.classifier.evaluate import Evaluation
from ml.classifier.target import Target
from ml.lake import read_thresholds
from ml.metrics import expected_calibration_error
from warehouse.core.settings import Settings

THRESHOLDS = "models_thresholds"
#: AUC of a random order.
RANDOM_AUC = 0.5


@dataclass(frozen=True)
class Limits:
    """The numbers `gate_<field>` of the seed `models_thresholds`; each is described there."""

    feature_auc: float
    auc: float
    feature_share: float
    feature_share_features: float
    positives: float
    calibration_error: float
    calibration_margin: float

    @classmethod
    def read(cls, settings: Settings) -> Limits:
        """The numbers of the company."""
        values = read_thresholds(settings, THRESHOLDS)
        return cls(**{field.name: values[f"gate_{field.name}"] for field in fields(cls)})


def objections(
    evaluation: Evaluation, target: Target, limits: Limits, champion: npt.NDArray[np.float64] | None = None
) -> list[str]:
    """Why the model may not go live, in words; empty if it may.

    Args:
        evaluation: the model's test.
        target: what it predicts.
        limits: thresholds of the company.
        champion: probabilities of the champion's hold-out twin for the rows of `evaluation.slice` (n,).
    """
    found = [*_likely_leaks(evaluation, target, limits), *_too_weak(evaluation, target, limits)]
    if champion is not None:
        found += _worse_than_champion(evaluation, champion, limits)
    return found


def _likely_leaks(evaluation: Evaluation, target: Target, limits: Limits) -> list[str]:
    words, found = target.words, []
    how = f"; if it is known beforehand, add it to {target.acknowledge_in}" if target.acknowledge_in else ""
    for name, area in sorted(evaluation.feature_aucs.items()):
        if area > limits.feature_auc and name not in target.acknowledged:
            found.append(
                f"{name} alone separates {words.positives} from {words.negatives} with AUC {area:.3f} (more than "
                f"{limits.feature_auc}): it probably contains the answer; remove it, or correct when it is recorded"
                f"{how}"
            )
    is_shared = len(evaluation.importance) >= limits.feature_share_features
    for name, share in sorted(evaluation.importance.items()):
        if share > limits.feature_share and is_shared and name not in target.acknowledged:
            found.append(
                f"{name} has {share:.0%} of all Shapley values (more than {limits.feature_share:.0%}): check whether "
                f"it contains the answer{how}"
            )
    if evaluation.metrics["auc"] > limits.auc and not target.acknowledged:
        found.append(
            f"AUC {evaluation.metrics['auc']:.3f} is too good to be true (more than {limits.auc}): look for a leak"
        )
    return found


def _too_weak(evaluation: Evaluation, target: Target, limits: Limits) -> list[str]:
    figures, found = evaluation.metrics, []
    if figures["positives_learnt"] < limits.positives:
        found.append(
            f"only {figures['positives_learnt']:.0f} {target.words.positives} to learn from, {limits.positives:.0f} "
            "are needed; wait, or lengthen the horizon"
        )
    if figures["auc_low"] <= RANDOM_AUC:
        found.append(f"AUC {figures['auc']:.3f} (from {figures['auc_low']:.3f}) is not better than a random order")
    if figures["calibration_error"] > limits.calibration_error:
        found.append(
            f"calibration error {figures['calibration_error']:.3f} is above {limits.calibration_error}: predicted and "
            "observed shares differ too much"
        )
    return found


def _worse_than_champion(evaluation: Evaluation, champion: npt.NDArray[np.float64], limits: Limits) -> list[str]:
    """Compares expected maximum profit, which uses every row; profit of the short list only where it is surely lower.

    A short list has few hits, so its profit alone is mostly random.
    """
    truth, rows, found = evaluation.slice.truth, f"on the same {len(champion):,} rows", []
    against = evaluation.judge.against(evaluation.probabilities, champion)
    ours, theirs = (evaluation.judge.profits(predicted) for predicted in (evaluation.probabilities, champion))
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
    errors = (expected_calibration_error(truth, predicted) for predicted in (evaluation.probabilities, champion))
    error, before = errors
    if error > before + limits.calibration_margin:
        found.append(f"calibration error {error:.3f} is worse than the champion's {before:.3f} {rows}")
    return found
