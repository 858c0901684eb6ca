"""Monitoring: planted drift raises alerts, random differences do not, and labels count only once they are known."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from ml.classifier.reference import distribution
from ml.feature_set import Feature
from ml.metrics import auc
from ml.scoring import score
from ml.use_case import Watched, use_cases
from ml.use_cases.monitoring.checks import matured_checks
from ml.use_cases.monitoring.features import Matured, read_matured
from ml.use_cases.monitoring.measures import estimated_auc, random_stability_index, shares_of, stability_index
from tests.ml.conftest import AS_OF, Company, shipped_seed

NEXT = AS_OF + timedelta(days=7)


def test_the_stability_index_is_the_sum_of_its_formula() -> None:
    before, now = np.array([0.5, 0.3, 0.2]), np.array([0.4, 0.4, 0.2])
    expected = (0.4 - 0.5) * np.log(0.4 / 0.5) + (0.4 - 0.3) * np.log(0.4 / 0.3)
    assert stability_index(before, now) == pytest.approx(expected)
    assert stability_index(now, before) == pytest.approx(expected)
    assert stability_index(before, before) == 0


def test_two_samples_of_one_population_seldom_exceed_the_random_limit() -> None:
    random, exceeded = np.random.default_rng(1), 0
    for _ in range(300):
        first, second = random.normal(size=400), random.normal(size=300)
        item = distribution(Feature("x"), first)
        shares, missing = shares_of(item, second)
        index = stability_index(np.array([*item["shares"], item["missing_share"]]), np.array([*shares, missing]))
        exceeded += index > random_stability_index(len(shares) + 1, 400, 300)
    assert exceeded <= 3


def test_missing_values_and_unseen_categories_have_their_share() -> None:
    item = distribution(Feature("c", "attribute", ("a", "b")), np.array([0.0, 0.0, 1.0, np.nan]))
    shares, missing = shares_of(item, np.array([1.0, np.nan, np.nan, np.nan]))
    assert (shares.tolist(), missing) == ([0.0, 0.25], 0.75)


def test_the_auc_estimated_from_calibrated_probabilities_is_the_observed_one() -> None:
    random = np.random.default_rng(3)
    probabilities = np.round(random.beta(1, 6, 60_000), 3)
    truth = (random.random(60_000) < probabilities).astype(float)
    assert estimated_auc(probabilities) == pytest.approx(auc(truth, probabilities), abs=0.01)
    assert estimated_auc(np.full(10, 0.3)) is None


def test_a_tie_counts_half() -> None:
    assert estimated_auc(np.array([0.0, 0.5, 0.5, 1.0])) == pytest.approx((1 * 2 + 0.5 * 2 * (1 + 0.5)) / 4)


@pytest.fixture(scope="module")
def nights(trained_company: Company) -> Company:
    """The scored night of the trained company, and a week later one on which use has fallen and prices are gone."""
    features = trained_company.features(NEXT).drop(columns="truth")
    trained_company.save(
        "customer_features",
        NEXT,
        features.assign(
            usage_sessions_28d=features["usage_sessions_28d"] / 3,
            monthly_price_cents=features["monthly_price_cents"].where(np.arange(len(features)) % 2 == 0),
        ),
    )
    score(trained_company.settings, NEXT)
    return trained_company


def test_a_night_like_the_training_data_raises_no_alert(nights: Company) -> None:
    checks = nights.scores("model_monitoring").query("model == 'churn'")
    assert set(checks["check_code"]) == {"fallback", "feature_drift", "missing_share", "score_drift", "estimated_auc"}
    assert checks[checks["is_alert"]].empty
    scored = nights.scores("churn")
    assert set(checks["model_version"]) == set(scored["model_version"])
    drift = checks.query("check_code == 'feature_drift'")
    assert set(drift["row_count"]) == {len(scored)}
    assert drift["value"].between(0, 0.1).all()


def test_alerts_name_features_that_shifted_or_went_missing(nights: Company) -> None:
    alerts = nights.scores("model_monitoring", NEXT).query("model == 'churn' and is_alert")
    named = set(zip(alerts["check_code"], alerts["subject"], strict=True))
    assert ("feature_drift", "usage_sessions_28d") in named
    assert ("missing_share", "monthly_price_cents") in named
    assert ("score_drift", "score") in named
    assert not {subject for _, subject in named} & {"reopened_tickets_90d", "tariff", "usage_sessions_7d"}
    missing = alerts.query("check_code == 'missing_share'")
    assert missing["value"].tolist() == [pytest.approx(5 / 9, abs=1e-6)]  # of those under contract, nine in ten
    assert missing["message_en"].tolist() == ["monthly_price_cents is missing for 55.6%, in training for 0.0%"]


def test_the_same_night_twice_gives_the_same_rows(nights: Company) -> None:
    before = nights.scores("model_monitoring", NEXT)
    score(nights.settings, NEXT)
    pd.testing.assert_frame_equal(nights.scores("model_monitoring", NEXT), before)


def test_probabilities_are_compared_with_labels_known_by_the_night_only(nights: Company) -> None:
    watched = next(case for case in use_cases() if case.name == "churn").models[0].watched
    assert isinstance(watched, Watched)
    target = watched.target(nights.settings, NEXT)
    scored = nights.scores("churn")
    known = AS_OF + timedelta(days=nights.settings.config.churn.horizon_days)
    labels = scored[["customer_key", "as_of"]].assign(definition="contract", is_churned=False, known_from=known)
    labels.loc[labels.index[:40], "is_churned"] = True
    nights.save("churn_labels", AS_OF, labels)
    assert read_matured(nights.settings, watched, target, known - timedelta(days=1), 6) is None
    matured = read_matured(nights.settings, watched, target, known, 6)
    assert matured is not None
    assert (len(matured.truth), matured.truth.sum(), matured.first, matured.last) == (len(scored), 40, AS_OF, AS_OF)
    assert sorted(matured.probabilities) == sorted(scored["churn_probability"])


def test_probabilities_that_differ_from_observed_shares_raise_an_alert() -> None:
    numbers = shipped_seed("monitoring_thresholds")
    limits = dict(zip(numbers["name"], numbers["value"], strict=True))
    random = np.random.default_rng(5)
    predicted = random.uniform(0.1, 0.5, 3000)
    right = Matured((random.random(3000) < predicted).astype(float), predicted, AS_OF, AS_OF)
    wrong = Matured((random.random(3000) < predicted / 3).astype(float), predicted, AS_OF, AS_OF)
    tested = {"auc": auc(right.truth, predicted), "calibration_error": 0.02}
    error, area = matured_checks(right, tested, limits)
    assert (error.is_alert, area.is_alert) == (False, False)
    error, _ = matured_checks(wrong, tested, limits)
    assert error.is_alert
    assert error.value == pytest.approx(predicted.mean() * 2 / 3, abs=0.03)
    few = Matured(right.truth[:50] * 0, predicted[:50], AS_OF, AS_OF)
    assert matured_checks(few, tested, limits) == []


def test_monitoring_runs_after_the_use_cases_it_monitors() -> None:
    assert [case.name for case in use_cases()][-1] == "monitoring"
