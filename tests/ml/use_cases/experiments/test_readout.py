"""Readouts of tests: effects and intervals; a broken or incomplete test has none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, ttest_ind

from ml.arms import Limits
from ml.use_cases.experiments.readout import readouts

LIMITS = Limits(error_share=0.05, power_share=0.8, sample_ratio_p_value=0.001, minimum_sample=30)


def arm(name: str, values: np.ndarray, assigned: int | None = None, **plan: Any) -> dict[str, Any]:
    planned = {
        "metric": "orders",
        "is_share": False,
        "is_higher_better": True,
        "treatment_share": 0.5,
        "is_over": False,
    }
    row = {"experiment_id": "test", "arm": name, "smallest_effect": 0.5, "assigned_count": assigned or len(values)}
    sums = {"measured_count": len(values), "value_sum": values.sum(), "value_square_sum": (values**2).sum()}
    return planned | row | sums | plan


def readout(treatment: np.ndarray, control: np.ndarray, **plan: Any) -> pd.Series:
    rows = pd.DataFrame([arm("treatment", treatment, **plan), arm("control", control, **plan)])
    return readouts(rows, LIMITS).iloc[0]


def samples(effect: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(2)
    return random.normal(5 + effect, 2, count), random.normal(5, 2, count)


def test_effect_and_interval_are_those_of_welchs_test() -> None:
    treatment, control = samples(0.6, 400)
    found, expected = readout(treatment, control), ttest_ind(treatment, control, equal_var=False)
    interval = expected.confidence_interval()
    assert found["p_value"] == pytest.approx(expected.pvalue, abs=1e-5)
    assert (found["effect_low"], found["effect_high"]) == pytest.approx((interval.low, interval.high), abs=1e-4)


def test_difference_of_shares_has_newcombes_interval() -> None:
    """56 of 70 against 48 of 80: 0.0524 to 0.3339 (Newcombe 1998, table II a, method 10)."""
    treatment, control = np.repeat([1.0, 0.0], [56, 14]), np.repeat([1.0, 0.0], [48, 32])
    found = readout(treatment, control, is_share=True, metric="lost")
    assert (found["effect_low"], found["effect_high"]) == pytest.approx((0.0524, 0.3339), abs=1e-4)


def test_a_test_stops_only_beyond_the_boundary_for_its_information() -> None:
    treatment, control = samples(0.6, 100)
    found = readout(treatment, control)
    assert found["p_value"] < 0.05 and found["information_share"] < 0.5
    assert found["z_boundary"] == pytest.approx(2.2414 / np.sqrt(found["information_share"]), rel=1e-3)
    assert found["decision"] == "continue"
    assert readout(*samples(0.6, 800))["decision"] == "stop_better"
    assert readout(*samples(0.6, 800), is_higher_better=False)["decision"] == "stop_worse"
    assert readout(*samples(0.0, 800))["decision"] == "stop_no_effect"
    assert readout(*samples(0.0, 100), is_over=True)["decision"] == "stop_too_small"


def test_arms_of_other_sizes_than_planned_void_the_test() -> None:
    treatment, control = samples(0.6, 800)
    uneven = readout(treatment, control[:720])
    assert uneven["is_sample_ratio_kept"]
    assert uneven["sample_ratio_p_value"] == pytest.approx(binomtest(800, 1520).pvalue, rel=0.1)
    found = readout(treatment, control[:600])
    assert not found["is_sample_ratio_kept"]
    assert found["decision"] == "stop_void"


def test_nightly_looks_at_tests_without_effect_seldom_stop_one() -> None:
    random, stopped = np.random.default_rng(4), 0
    for _ in range(200):
        treatment, control = random.normal(0, 1, 1000), random.normal(0, 1, 1000)
        looks = [readout(treatment[:n], control[:n], smallest_effect=0.125)["decision"] for n in range(100, 1001, 100)]
        stopped += any(look in ("stop_better", "stop_worse") for look in looks)
    assert stopped / 200 < 0.08


def test_a_single_arm_has_no_effect() -> None:
    found = readouts(pd.DataFrame([arm("treatment", np.ones(40))]), LIMITS).iloc[0]
    assert np.isnan(found["effect"]) and found["decision"] == "stop_void"
