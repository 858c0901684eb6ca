"""Weights, knees and robust slopes recover the planted values, with intervals, and give no rows without data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import theilslopes

from ml.registry import Registry
from ml.use_cases.journey.promises import promise_slopes
from ml.use_cases.journey.response_times import response_time_fits
from ml.use_cases.journey.score import score
from ml.use_cases.journey.weights import touchpoint_weights
from tests.ml.conftest import settings_of

NIGHT = date(2026, 6, 30)


def weights_of(answers: pd.DataFrame) -> pd.DataFrame:
    return touchpoint_weights(answers, minimum_sample=30, middle=3.0)


def answers_of(count: int, support: float, delivery: float) -> pd.DataFrame:
    """Overall answers after a rated visit of support, delivery and billing; billing has no effect."""
    random = np.random.default_rng(3)
    rated = {name: random.integers(1, 6, count) for name in ("support", "delivery", "billing")}
    bad = np.maximum(3 - rated["support"], 0) / 2
    overall = 4 - support * bad + delivery * (rated["delivery"] - 3) / 2 + random.normal(0, 0.4, count)
    parts = [
        pd.DataFrame(
            {
                "response_id": [f"r{number:05d}" for number in range(count)],
                "overall_score": overall,
                "touchpoint": name,
                "visit_count": 1,
                "broken_promise_share": np.nan,
                "touchpoint_score": scores.astype(float),
            }
        )
        for name, scores in rated.items()
    ]
    return pd.concat(parts, ignore_index=True)


def cells_of(knee: float, drop: float, count: int = 6000) -> pd.DataFrame:
    """Satisfaction that is flat up to the knee and falls by `drop` per doubling after it."""
    random = np.random.default_rng(5)
    minutes = np.exp(random.normal(np.log(60), 1.2, count))
    value = 4.2 - drop * np.maximum(np.log2((minutes + 1) / (knee + 1)), 0) + random.normal(0, 0.8, count)
    logs = np.log(minutes + 1)
    frame = pd.DataFrame({"cell": np.floor(logs / np.log(2) * 8), "log": logs, "value": value})
    cells = frame.groupby("cell").agg(
        mean_log_minutes=("log", "mean"), case_count=("value", "size"), score_sum=("value", "sum")
    )
    squares = frame.assign(square=value**2).groupby("cell")["square"].sum()
    return cells.assign(score_square_sum=squares, outcome="satisfaction").reset_index(drop=True)


def promise_bins(days: np.ndarray, scores: np.ndarray) -> pd.DataFrame:
    frame = pd.DataFrame({"bin_unit": days.astype(float), "score": scores.astype(float)})
    frame = frame.assign(
        square=frame["score"] ** 2, units=frame["bin_unit"] ** 2, both=frame["bin_unit"] * frame["score"]
    )
    bins = frame.groupby("bin_unit").agg(
        answer_count=("score", "size"),
        broken_square_sum=("units", "sum"),
        broken_score_sum=("both", "sum"),
        score_sum=("score", "sum"),
        score_square_sum=("square", "sum"),
    )
    bins = bins.reset_index().assign(promise="delivery", touchpoint="all", segment="all")
    return bins.assign(mean_broken_units=bins["bin_unit"])


def test_a_touchpoint_without_effect_has_no_weight_and_the_strongest_has_the_largest() -> None:
    weights = weights_of(answers_of(2000, support=1.5, delivery=0.4)).set_index("touchpoint")
    assert weights["weight"].sum() == pytest.approx(1, abs=1e-5)
    assert weights["weight"].idxmax() == "support"
    assert weights.loc["billing", "weight_high"] < 0.02 < weights.loc["delivery", "weight_low"]
    assert (weights["weight_low"] <= weights["weight"]).all() and (weights["weight"] <= weights["weight_high"]).all()


def test_penalty_and_reward_are_those_planted() -> None:
    support = weights_of(answers_of(2000, support=1.5, delivery=0.4)).set_index("touchpoint").loc["support"]
    assert support["penalty_low"] < -1.5 < support["penalty_high"] < 0
    assert support["reward_low"] < 0 < support["reward_high"]


def test_a_slope_has_its_number_of_ratings_and_one_rating_gives_none() -> None:
    answers = answers_of(400, support=1.0, delivery=0.5)
    rated_low = (answers["touchpoint"] == "support") & (answers["touchpoint_score"] < 3)
    assert weights_of(answers).set_index("touchpoint").loc["support", "bad_answer_count"] == rated_low.sum()
    answers.loc[rated_low, "touchpoint_score"] = 3.0
    answers.loc[answers["touchpoint"].eq("support").idxmax(), "touchpoint_score"] = 1.0
    support = weights_of(answers).set_index("touchpoint").loc["support"]
    assert support["bad_answer_count"] == 1 and np.isnan(support["penalty"])
    assert support["good_answer_count"] > 100 and not np.isnan(support["reward_low"])


def test_weights_are_reproducible_and_empty_without_enough_answers() -> None:
    answers = answers_of(400, support=1.0, delivery=0.5)
    pd.testing.assert_frame_equal(weights_of(answers), weights_of(answers))
    assert weights_of(answers[answers["response_id"] < "r00050"]).empty


def test_touchpoints_that_explain_nothing_have_no_weight() -> None:
    answers = answers_of(300, support=0, delivery=0)
    assert weights_of(answers)["weight"].isna().all()


def test_the_knee_is_found_within_its_interval() -> None:
    fit = response_time_fits(cells_of(knee=30, drop=0.4)).iloc[0]
    assert fit["has_knee"]
    assert fit["knee_low"] <= 30 <= fit["knee_high"]
    assert fit["knee_minutes"] == pytest.approx(30, rel=0.35)
    assert fit["slope_after_low"] < -0.4 < fit["slope_after_high"]
    assert fit["slope_before"] == pytest.approx(0, abs=0.12)


def test_a_straight_line_has_no_knee() -> None:
    assert not response_time_fits(cells_of(knee=0, drop=0.2)).iloc[0]["has_knee"]
    assert not response_time_fits(cells_of(knee=30, drop=0.4, count=60)).iloc[0]["has_knee"]


def test_a_few_very_late_orders_do_not_move_the_robust_slope() -> None:
    random = np.random.default_rng(11)
    days = random.integers(0, 9, 900)
    scores = np.clip(4.5 - 0.3 * days + random.normal(0, 0.5, 900), 1, 5)
    extreme_days, extreme_scores = np.append(days, [150, 200, 190]), np.append(scores, [4.0, 4.0, 4.0])
    plain, extreme = (
        promise_slopes(promise_bins(*given), 10, 0.25).set_index("side").loc["late"]
        for given in ((days, scores), (extreme_days, extreme_scores))
    )
    assert extreme["slope"] == plain["slope"]
    assert plain["slope_low"] < -0.3 < plain["slope_high"]
    assert plain["plain_slope"] == pytest.approx(-0.3, abs=0.05)
    assert extreme["plain_slope"] > -0.05
    means = pd.Series(scores).groupby(days).mean()
    expected = theilslopes(means.to_numpy(), means.index.to_numpy(float))
    assert plain["slope"] == pytest.approx(expected.slope, abs=1e-6)


def test_tolerated_units_end_before_the_drop() -> None:
    days = np.repeat([-1, 0, 1, 2, 3, 4], 60)
    scores = np.tile([5, 4, 5, 4], 90) - np.where(days >= 3, 2, 0)
    late = promise_slopes(promise_bins(days, scores), 10, 0.25).set_index("side").loc["late"]
    assert late["tolerated_units"] == 2
    assert late["kept_score"] == pytest.approx(4.5)
    assert late["score_lost"] == pytest.approx(1.0)
    assert late["score_lost_low"] < 1.0 < late["score_lost_high"]


def test_a_night_without_features_writes_empty_tables(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home")
    counts, _ = score(settings, Registry(settings), NIGHT)
    assert [(count.table, count.rows_out) for count in counts] == [
        ("touchpoint_weights", 0),
        ("response_time_fits", 0),
        ("promise_slopes", 0),
    ]
    written = pd.read_parquet(settings.scores / "promise_slopes" / f"as_of={NIGHT}" / "part-0.parquet")
    assert "slope_low" in written.columns and written.empty
