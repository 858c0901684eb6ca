import numpy as np
import pytest

from ml.calibration import Calibration, at_level, fit_shape
from ml.metrics import (
    auc,
    auc_interval,
    average_precision,
    classification_metrics,
    deciles,
    expected_calibration_error,
    lift,
)


def test_auc_is_the_share_of_pairs_in_the_right_order():
    truth, scores = np.array([0.0, 1, 0, 1]), np.array([0.1, 0.2, 0.3, 0.4])
    assert auc(truth, scores) == pytest.approx(3 / 4)
    low, high = auc_interval(truth, auc(truth, scores))
    assert low < 3 / 4 < high


def test_calibration_error_is_the_mean_gap_of_ten_bins_of_equal_count():
    scores = np.repeat(np.arange(10) / 10, 10)
    truth = np.tile(np.arange(10) < 5, 10).astype(float)
    expected = np.mean([abs(0.5 - score) for score in np.arange(10) / 10])
    assert expected_calibration_error(truth, scores) == pytest.approx(expected)


def test_lift_compares_the_riskiest_tenth_with_all():
    scores, truth = np.arange(100) / 100, np.zeros(100)
    truth[95:] = 1
    truth[:5] = 1
    assert lift(truth, scores) == pytest.approx(0.5 / 0.1)


def test_ten_is_the_riskiest_decile_and_ties_are_broken_by_key():
    scores, keys = np.full(20, 0.5), np.array([f"{i:02}" for i in range(20)], dtype=object)
    found = deciles(scores, keys)
    assert list(found[:3]) == [10, 10, 9] and found[-1] == 1
    backwards = deciles(scores, keys[::-1])
    assert list(backwards) == list(found[::-1])


def test_figures_include_their_sample_size():
    truth = np.array([0.0, 1, 0, 1, 1])
    figures = classification_metrics(truth, np.array([0.1, 0.8, 0.3, 0.6, 0.7]))
    assert figures["n"] == 5 and figures["positives"] == 3


def test_overconfident_scores_are_flattened_to_the_observed_shares():
    random = np.random.default_rng(1)
    logits = random.normal(0, 1, 20_000)
    truth = (random.random(20_000) < 1 / (1 + np.exp(-logits))).astype(float)
    overconfident = 1 / (1 + np.exp(-logits / 0.7 - 0.5))
    calibration = fit_shape(truth, overconfident)
    assert (calibration.rising + calibration.falling) / 2 == pytest.approx(0.7, abs=0.05)
    assert (
        expected_calibration_error(truth, calibration(overconfident))
        < 0.015
        < expected_calibration_error(truth, overconfident)
    )


def test_level_makes_the_mean_prediction_equal_the_base_rate():
    scores = np.random.default_rng(2).random(5000)
    truth = (np.arange(5000) % 5 == 0).astype(float)
    assert at_level(Calibration(0.9, 0.9), scores, truth)(scores).mean() == pytest.approx(0.2, abs=1e-6)


def test_every_night_has_the_same_weight_in_the_level():
    nights, truth = np.repeat([1, 2], [900, 100]), np.zeros(1000)
    truth[:90], truth[900:930] = 1, 1  # 10 % and 30 %
    recalibrated = at_level(Calibration(), np.full(1000, 0.5), truth, nights)(np.full(1, 0.5))
    assert recalibrated[0] == pytest.approx(0.2, abs=1e-6)


def test_calibration_recovers_different_weights_for_high_and_low_probabilities():
    random = np.random.default_rng(3)
    probabilities = random.uniform(0.02, 0.98, 40_000)
    truth = (random.random(40_000) < Calibration(1.5, 0.6, 0.2)(probabilities)).astype(float)
    found = fit_shape(truth, probabilities)
    assert (found.rising, found.falling) == (pytest.approx(1.5, abs=0.1), pytest.approx(0.6, abs=0.1))
    assert expected_calibration_error(truth, found(probabilities)) < 0.01


def test_average_precision_takes_equal_scores_together():
    truth, scores = np.array([1.0, 0, 1, 0]), np.array([0.9, 0.5, 0.5, 0.1])
    assert average_precision(truth, scores) == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)
