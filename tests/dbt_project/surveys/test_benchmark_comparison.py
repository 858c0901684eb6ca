"""Scores against benchmarks, and the tolerance cliff."""

from __future__ import annotations

import pytest

from tests.dbt_project.surveys.conftest import Reader, seed

LOWEST = {"nps": -100.0}


def test_every_score_with_a_benchmark_is_compared_and_the_cliff_is_fifteen_per_cent(published: Reader) -> None:
    benchmarks = {row["metric"]: float(row["benchmark"]) for row in seed("benchmarks")}
    scores = published("satisfaction_metrics", "metric", "dimension", "dimension_value", "window_days")
    scores = scores[scores["value"].notna()]
    compared = published("benchmark_comparison", "metric", "dimension", "dimension_value", "window_days")
    assert set(scores.index) <= set(compared.index)
    for key, row in scores.iterrows():
        found, benchmark = compared.loc[key], benchmarks[key[0]]
        relative = (row["value"] - benchmark) / (benchmark - LOWEST.get(key[0], 0))
        assert (found["value"], found["benchmark"]) == (row["value"], benchmark)
        assert found["relative_lead"] == pytest.approx(relative, abs=1e-5)
        assert found["is_tolerance_cliff"] == (row["response_count"] >= 30 and round(relative, 6) <= -0.15)
    assert 0 < compared["is_tolerance_cliff"].sum() < len(compared)


def test_a_time_longer_than_the_benchmark_is_worse_than_it(published: Reader) -> None:
    times = published("benchmark_comparison", "metric", "window_days").loc["first_response_minutes"]
    scorecard = published("kpi_scorecard", "kpi", "window_days").loc["first_response_minutes"]
    (benchmark,) = (float(row["benchmark"]) for row in seed("benchmarks") if row["metric"] == "first_response_minutes")
    for window, row in times.iterrows():
        assert row["lead"] == pytest.approx(benchmark - scorecard.loc[window, "value"], abs=1e-5)
        if scorecard.loc[window, "interval_low"] > benchmark:
            assert row["standing"] == "behind"
    assert "behind" in set(times["standing"])
