"""NPS, CSAT and CES by every dimension and window, recomputed from the answers."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.dbt_project.surveys import statistics
from tests.dbt_project.surveys.conftest import Reader
from tests.dbt_project.surveys.small_company import CUSTOMERS, NIGHT, RESPONSES

TEAMS = {"e1": "one", "e2": "two"}


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    frame = pd.DataFrame(RESPONSES).merge(
        pd.DataFrame(CUSTOMERS)[["customer_id", "segment", "region"]], on="customer_id"
    )
    frame["days_ago"] = (pd.Timestamp(NIGHT) - frame["responded_at"].dt.normalize()).dt.days
    frame["team"] = frame["employee_id"].map(TEAMS)
    frame["overall"] = "all"
    return frame


def scored(answers: pd.DataFrame, metric: str) -> pd.Series:
    column = answers[{"nps": "nps", "csat_mean": "csat", "csat_top2": "csat", "ces_mean": "ces"}[metric]].dropna()
    if metric == "nps":
        return 100.0 * ((column >= 9).astype(int) - (column <= 6).astype(int))
    return (column >= 4).astype(float) if metric == "csat_top2" else column.astype(float)


def interval(metric: str, scores: pd.Series) -> tuple[float, float]:
    if metric == "nps":
        return statistics.adjusted_wald(list(scores))
    if metric == "csat_top2":
        return statistics.wilson(scores.sum(), len(scores))
    lowest, highest = (1, 5) if metric == "csat_mean" else (1, 7)
    low, high = statistics.normal(list(scores))
    return max(low, lowest), min(high, highest)


@pytest.mark.parametrize("dimension", ["overall", "region", "segment", "product", "channel", "touchpoint", "team"])
@pytest.mark.parametrize("window", [7, 28, 90])
def test_every_score_of_a_dimension_follows_from_its_answers(
    published: Reader, answers: pd.DataFrame, dimension: str, window: int
) -> None:
    metrics = published("satisfaction_metrics", "dimension", "window_days", "metric", "dimension_value")
    for metric in ("nps", "csat_mean", "csat_top2", "ces_mean"):
        table = metrics.loc[(dimension, window, metric)]
        now = answers[answers["days_ago"] <= window]
        before = answers[(answers["days_ago"] > window) & (answers["days_ago"] <= 2 * window)]
        for value, group in now.groupby(now[dimension].fillna("unknown")):
            scores = scored(group, metric)
            if scores.empty:
                continue
            row = table.loc[value]
            earlier = scored(before[before[dimension].fillna("unknown") == value], metric)
            assert row["value"] == pytest.approx(scores.mean(), abs=1e-5)
            assert row["response_count"] == len(scores)
            assert row["is_reportable"] == (len(scores) >= 30)
            if len(scores) > 1:
                assert (row["interval_low"], row["interval_high"]) == pytest.approx(interval(metric, scores), abs=1e-4)
            if len(earlier):
                assert row["change"] == pytest.approx(scores.mean() - earlier.mean(), abs=1e-5)


def test_a_change_is_significant_beyond_two_standard_errors(published: Reader, answers: pd.DataFrame) -> None:
    table = published("satisfaction_metrics", "dimension", "window_days", "metric").loc[("overall", 90)]
    for metric in ("csat_mean", "ces_mean"):
        now = scored(answers[answers["days_ago"] <= 90], metric)
        before = scored(answers[(answers["days_ago"] > 90) & (answers["days_ago"] <= 180)], metric)
        error = (now.var() / len(now) + before.var() / len(before)) ** 0.5
        expected = len(now) >= 30 and len(before) >= 30 and abs(now.mean() - before.mean()) > 1.96 * error
        assert table.loc[metric, "is_significant_change"] == expected


@pytest.mark.parametrize("nights_ago", [0, 10, 89])
def test_the_scores_of_a_past_night_follow_from_its_windows(
    published: Reader, answers: pd.DataFrame, nights_ago: int
) -> None:
    night = pd.Timestamp(NIGHT) - pd.Timedelta(days=nights_ago)
    daily = published("satisfaction_metrics_daily", "metric_date", "dimension", "window_days", "metric").loc[night]
    for window in (7, 28, 90):
        seen = answers[answers["days_ago"].between(nights_ago + 1, nights_ago + window)]
        for metric in ("nps", "csat_mean", "csat_top2", "ces_mean"):
            scores = scored(seen, metric)
            if len(scores) < 2:
                continue
            row = daily.loc[("overall", window, metric)]
            assert row["response_count"] == len(scores)
            assert row["value"] == pytest.approx(scores.mean(), abs=1e-5)
            assert (row["interval_low"], row["interval_high"]) == pytest.approx(interval(metric, scores), abs=1e-4)
