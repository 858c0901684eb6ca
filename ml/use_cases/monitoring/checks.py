"""The checks of one model in one night: value, threshold, and a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.classifier.reference import distribution
from ml.feature_set import Feature, Matrix
from ml.metrics import auc, expected_calibration_error
from ml.use_cases.monitoring.features import Matured, Scores
from ml.use_cases.monitoring.measures import estimated_auc, random_stability_index, shares_of, stability_index

ALL = "all"


@dataclass(frozen=True)
class Check:
    """One check: `value` is compared with `threshold`; `reference_value` is its value in training or test."""

    check_code: str
    subject: str
    value: float
    reference_value: float | None
    threshold: float
    is_alert: bool
    row_count: int
    message_en: str
    message_zh: str


def feature_checks(reference: dict[str, Any], matrix: Matrix, limits: dict[str, float]) -> list[Check]:
    """Drift and missing values of every feature against the last snapshot of the training data."""
    found = []
    for position, item in enumerate(reference["features"]):
        shares, missing = shares_of(item, matrix[:, position])
        found.append(
            _drift("feature_drift", item["name"], item, shares, missing, reference["rows"], len(matrix), limits)
        )
        found.append(_missing(item["name"], missing, float(item["missing_share"]), len(matrix), limits))
    return found


def score_checks(before: npt.NDArray[np.float64], scores: Scores, limits: dict[str, float]) -> list[Check]:
    """Drift of the probabilities against those of the same version for the last snapshot of the training data."""
    rows = len(scores.probabilities)
    if not rows or not len(before):
        return []
    item = distribution(Feature("score"), before)
    shares, missing = shares_of(item, scores.probabilities)
    return [_drift("score_drift", "score", item, shares, missing, len(before), rows, limits)]


def estimated_checks(scores: Scores, tested: dict[str, float], limits: dict[str, float]) -> list[Check]:
    """AUC estimated from tonight's probabilities, against the AUC of the test."""
    area = estimated_auc(scores.probabilities)
    if area is None or "auc" not in tested:
        return []
    rows, least = len(scores.probabilities), tested["auc"] - limits["auc_loss"]
    return [
        Check(
            "estimated_auc",
            ALL,
            area,
            tested["auc"],
            least,
            area < least and rows >= limits["fewest_rows"],
            rows,
            f"AUC estimated from tonight's probabilities {area:.3f}, in the test {tested['auc']:.3f}",
            f"由今晚概率估计的AUC为{area:.3f}，测试时为{tested['auc']:.3f}",  # noqa: RUF001
        )
    ]


def matured_checks(matured: Matured | None, tested: dict[str, float], limits: dict[str, float]) -> list[Check]:
    """Calibration error and AUC of earlier nights whose labels are known."""
    if matured is None:
        return []
    positives, rows = float(matured.truth.sum()), len(matured.truth)
    if min(positives, rows - positives) < limits["fewest_positives"]:
        return []
    error, area = (f(matured.truth, matured.probabilities) for f in (expected_calibration_error, auc))
    predicted, observed = float(matured.probabilities.mean()), float(matured.truth.mean())
    nights = f"{matured.first} to {matured.last}"
    least = tested.get("auc", area) - limits["auc_loss"]
    return [
        Check(
            "calibration_error",
            ALL,
            error,
            tested.get("calibration_error"),
            limits["calibration_error"],
            error > limits["calibration_error"],
            rows,
            f"Nights {nights}: {predicted:.1%} predicted, {observed:.1%} realised, calibration error {error:.3f}",
            f"{matured.first}至{matured.last}：预测{predicted:.1%}，实际{observed:.1%}，校准误差{error:.3f}",  # noqa: RUF001
        ),
        Check(
            "realised_auc",
            ALL,
            area,
            tested.get("auc"),
            least,
            area < least,
            rows,
            f"Nights {nights}: AUC {area:.3f}, in the test {tested.get('auc', area):.3f}",
            f"{matured.first}至{matured.last}：AUC为{area:.3f}，测试时为{tested.get('auc', area):.3f}",  # noqa: RUF001
        ),
    ]


def fallback_check(champion: str, scores: Scores) -> Check:
    """Whether the champion scored tonight."""
    scored, rows = scores.version == champion, len(scores.probabilities)
    instead = f"version {scores.version} scored instead" if rows else "no customer is scored"
    words = {
        True: (f"Version {champion} scored", f"版本{champion}已评分"),
        False: (
            f"Version {champion} failed; {instead}",
            f"版本{champion}失败；{f'改由版本{scores.version}评分' if rows else '今晚无评分'}",  # noqa: RUF001
        ),
    }[scored]
    return Check("fallback", ALL, 0.0 if scored else 1.0, 0.0, 0.0, not scored, rows, *words)


def _drift(
    code: str,
    subject: str,
    item: dict[str, Any],
    shares: npt.NDArray[np.float64],
    missing: float,
    rows_before: int,
    rows: int,
    limits: dict[str, float],
) -> Check:
    before = np.array([*item["shares"], item["missing_share"]])
    index = stability_index(before, np.array([*shares, missing]))
    threshold = max(limits[code], random_stability_index(len(before), rows_before, rows))
    subject_zh = "评分" if subject == "score" else subject
    return Check(
        code,
        subject,
        index,
        0.0,
        threshold,
        index > threshold and rows >= limits["fewest_rows"],
        rows,
        f"{subject} differs from training by a stability index of {index:.3f}",
        f"{subject_zh}与训练时的稳定性指数为{index:.3f}",
    )


def _missing(subject: str, share: float, before: float, rows: int, limits: dict[str, float]) -> Check:
    threshold = min(before + limits["missing_share"], 1.0)
    return Check(
        "missing_share",
        subject,
        share,
        before,
        threshold,
        share > threshold and rows >= limits["fewest_rows"],
        rows,
        f"{subject} is missing for {share:.1%}, in training for {before:.1%}",
        f"{subject}缺失{share:.1%}，训练时为{before:.1%}",  # noqa: RUF001
    )
