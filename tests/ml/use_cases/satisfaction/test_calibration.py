"""Calibration of Shapley values on answers that the trees were not trained on."""

import numpy as np
import pytest

from ml.drivers.model import Calibration
from ml.use_cases.satisfaction.calibration import calibrate, calibrated

ANSWERS, REFITS = 2_000, 16


def values(seed: int = 3) -> tuple[np.ndarray, list[Calibration]]:
    """Three drivers of strengths 1, 0.5 and 0: the first is estimated right, the second at half, the third is noise."""
    random = np.random.default_rng(seed)
    truth = random.normal(0, 1, (ANSWERS, 3)) * [1, 0.5, 0]
    contributions = np.column_stack([truth[:, 0], 0.5 * truth[:, 1], random.normal(0, 0.1, ANSWERS)])
    score = truth.sum(axis=1) + random.normal(0, 0.7, ANSWERS)
    refits = np.stack([contributions * (1 + random.normal(0, 0.03, 3)) for _ in range(REFITS)])
    keys = np.array([f"c{number // 2}" for number in range(ANSWERS)])
    left_out = np.stack([np.repeat(random.random(ANSWERS // 2) < 0.37, 2) for _ in range(REFITS)])
    return contributions, calibrate(contributions, refits, left_out, score, keys)


def test_calibration_restores_understated_values_and_removes_noise() -> None:
    contributions, calibrations = values()
    share, low, high = calibrated(contributions, calibrations)
    assert share == pytest.approx([2 / 3, 1 / 3, 0], abs=0.03)
    assert ((low <= [2 / 3, 1 / 3, 0]) & (high >= [2 / 3, 1 / 3, 0])).all()
    assert low[2] == 0 and 0 < high[2] < 0.15


def test_intervals_cover_the_truth_in_nine_of_ten_cases_and_are_narrow() -> None:
    covered, widths = [], []
    for seed in range(60):
        _, low, high = calibrated(*values(seed))
        covered.append((low <= [2 / 3, 1 / 3, 0]) & (high >= [2 / 3, 1 / 3, 0]))
        widths.append(high - low)
    assert np.mean(covered, axis=0).min() >= 0.9 and np.mean(widths) < 0.15


def test_shares_add_up_to_one_and_lie_in_their_intervals_even_for_few_answers() -> None:
    contributions, calibrations = values()
    for rows in (slice(None), slice(0, 20), slice(0, 1)):
        share, low, high = calibrated(contributions[rows], calibrations)
        assert share.sum() == pytest.approx(1)
        assert (low >= 0).all() and (low <= share).all() and (share <= high).all() and (high <= 1).all()


def test_without_a_calibrated_driver_the_shares_are_those_of_the_trees() -> None:
    contributions = np.array([[1.0, 0.5], [-1.0, -0.5]])
    nothing = [Calibration(share, 0.0, 0.1, 0.01, REFITS) for share in (2 / 3, 1 / 3)]
    share, low, high = calibrated(contributions, nothing)
    assert share == pytest.approx([2 / 3, 1 / 3]) and (low <= share).all() and (share <= high).all()
