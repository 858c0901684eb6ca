"""Effects of contacts: an interval where an effect can be estimated, and a reason where it cannot."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ml.arms import Arm, Limits, difference
from ml.feature_set import Feature, FeatureSet
from ml.folds import FOLDS
from ml.registry import Registry
from ml.training import train
from ml.use_cases.effect.features import largest_trial
from ml.use_cases.effect.measure import effects
from ml.use_cases.effect.promote import objections
from ml.use_cases.effect.register import NAME
from ml.use_cases.effect.score import score
from ml.use_cases.effect.uplift import cross_fitted, fit, qini
from tests.ml.conftest import AS_OF, Company, key_of, settings_of
from warehouse.core.calendar import training_snapshots
from warehouse.core.errors import ModelError

LIMITS = Limits(error_share=0.05, power_share=0.8, sample_ratio_p_value=0.001, minimum_sample=30)


def trial(
    treated: int = 3600, control: int = 400, effect: float = -0.2, reached: float = 0.75, **plan: Any
) -> pd.DataFrame:
    """A test of retention calls: who is reached stays more often; who cannot be reached leaves more often anyway."""
    random, count = np.random.default_rng(4), treated + control
    is_treated = np.arange(count) < treated
    can_be_reached = random.random(count) < reached
    risk = np.where(can_be_reached, 0.3, 0.5) + effect * (is_treated & can_be_reached)
    frame = pd.DataFrame(
        {
            "experiment_id": "calls",
            "customer_key": [key_of(number) for number in range(count)],
            "arm": np.where(is_treated, "treatment", "control"),
            "assigned_on": AS_OF - timedelta(days=200),
            "is_mature": True,
            "is_contacted": is_treated & can_be_reached,
            "declared_metric": "lost",
            "treatment_share": 0.9,
            "smallest_effect": 0.05,
            "lost": (random.random(count) < risk).astype(float),
            "orders": random.poisson(1.0, count).astype(float),
            "revenue_cents": random.gamma(1, 100, count),
            "tickets": 0.0,
            "satisfaction": np.nan,
        }
    )
    return frame.assign(**plan)


def primary(outcomes: pd.DataFrame) -> dict[str, Any]:
    rows = effects(outcomes, LIMITS)
    return by_metric(rows)[str(outcomes["declared_metric"].iloc[0])]


def by_metric(rows: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """The rows of one test by metric."""
    return {
        str(metric): dict(zip(rows.columns, row, strict=True))
        for metric, row in zip(rows["metric"], rows.to_numpy(), strict=True)
    }


def test_customers_count_in_their_assigned_arm_and_contacted_ones_separately() -> None:
    outcomes = trial()
    found = primary(outcomes)
    lost = outcomes.groupby("arm")["lost"].mean()
    assert found["effect"] == pytest.approx(lost["treatment"] - lost["control"], abs=1e-6)
    assert found["effect_low"] < -0.15 < found["effect_high"]
    assert found["treatment_contacted_share"] == pytest.approx(0.75, abs=0.03)
    assert found["control_contacted_share"] == 0
    assert found["contacted_effect"] == pytest.approx(found["effect"] / found["treatment_contacted_share"], abs=1e-5)
    assert found["contacted_effect_low"] < -0.2 < found["contacted_effect_high"]
    reached = outcomes.groupby(["arm", "is_contacted"])["lost"].mean()
    assert (
        reached["treatment", True] - lost["control"] < found["contacted_effect"] - 0.03
    )  # biased: leaves customers out
    assert (found["status"], found["contacted_status"]) == ("answered", "answered")


def test_the_effect_of_a_contact_equals_two_stage_least_squares() -> None:
    """Against the instrumental-variable formula written out: slope cov(z, y) / cov(z, d), robust standard error."""
    outcomes, found = trial(), primary(trial())
    z, d, y = (
        (outcomes["arm"] == "treatment").to_numpy(float),
        outcomes["is_contacted"].to_numpy(float),
        outcomes["lost"],
    )
    slope = np.cov(z, y)[0, 1] / np.cov(z, d)[0, 1]
    left = y - y.mean() - slope * (d - d.mean())
    error = np.sqrt(np.sum(((z - z.mean()) * left) ** 2)) / abs(np.sum((z - z.mean()) * (d - d.mean())))
    assert found["contacted_effect"] == pytest.approx(slope, abs=1e-6)
    assert found["contacted_effect_high"] - found["contacted_effect"] == pytest.approx(1.96 * error, rel=0.01)


def test_contacted_controls_make_the_effect_of_a_contact_larger_than_that_of_the_arm() -> None:
    outcomes = trial()
    control = outcomes["arm"] == "control"
    spoiled = outcomes.assign(
        is_contacted=np.where(control, np.arange(len(outcomes)) % 2 == 0, outcomes["is_contacted"])
    )
    found = primary(spoiled)
    assert found["control_contacted_share"] == pytest.approx(0.5, abs=0.01)
    assert abs(found["contacted_effect"]) > 3 * abs(found["effect"])
    alike = primary(spoiled.assign(is_contacted=np.arange(len(outcomes)) % 2 == 0))
    assert alike["contacted_status"] == "contacted_alike" and np.isnan(alike["contacted_effect"])
    unknown = primary(outcomes.assign(is_contacted=False))
    assert (unknown["contacted_status"], unknown["status"]) == ("contacts_unknown", "answered")


def test_an_effect_that_cannot_be_estimated_has_a_reason() -> None:
    refusals = {
        "too_few": trial(200, 20),
        "one_arm": trial(200, 0),
        "uneven_arms": trial(2000, 2000),
        "not_yet": trial().assign(lost=np.nan),
        "no_variation": trial().assign(lost=0.0),
    }
    for status, outcomes in refusals.items():
        found = primary(outcomes)
        assert found["status"] == status
        assert all(np.isnan(found[name]) for name in ("effect", "effect_low", "contacted_effect"))
    assert primary(trial(2000, 2000, treatment_share=np.nan))["status"] == "answered"  # nobody planned a share


def test_power_and_customers_needed_are_those_of_the_textbook() -> None:
    """Two-sided 5 %, 80 %: an effect of (1.96 + 0.84) standard errors is found."""
    found = primary(trial())
    sides = trial().groupby("arm")["lost"]
    arms = [Arm.of_values(values.to_numpy(), len(values)) for _, values in sides]
    compared = difference(arms[1], arms[0], False, 0.05)
    assert compared is not None
    assert found["detectable_effect"] == pytest.approx(2.8016 * compared.error, rel=1e-4)
    assert found["needed_count"] == pytest.approx(4000 * (2.8016 * compared.error / 0.05) ** 2, rel=1e-3)
    assert 0 < found["power"] < 1


def test_intervals_cover_no_effect_nineteen_times_in_twenty() -> None:
    random, covered = np.random.default_rng(8), 0
    for _ in range(200):
        outcomes = trial(300, 300, treatment_share=0.5).assign(lost=random.binomial(1, 0.3, 600).astype(float))
        found = primary(outcomes)
        covered += found["effect_low"] <= 0 <= found["effect_high"]
    assert 0.91 <= covered / 200 <= 0.99


FEATURES = FeatureSet((Feature("responsive"), Feature("noise")))


def persuadable(count: int = 8000, gain: float = 0.3) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Customers; treatment raises the outcome of a third of them and does not change the others."""
    random = np.random.default_rng(6)
    matrix = random.random((count, 2)).astype(np.float32)
    treated = random.random(count) < 0.5
    chance = 0.2 + gain * treated * (matrix[:, 0] > 2 / 3)
    return matrix, treated, (random.random(count) < chance).astype(float), random.integers(0, FOLDS, count)


def test_the_learner_finds_the_customers_that_the_treatment_changes() -> None:
    matrix, treated, outcome, folds = persuadable()
    unseen = cross_fitted(matrix, treated, outcome, FEATURES, folds)
    is_open = matrix[:, 0] > 2 / 3
    assert 0.2 < unseen[is_open].mean() < 0.33  # 0.3, drawn to the mean
    assert unseen[~is_open].mean() == pytest.approx(0, abs=0.05)
    found = qini(unseen, treated, outcome)
    assert found.area == pytest.approx(
        0.3 / 9, rel=0.25
    )  # gain of 0.1 a customer by the first third: (1 - 1/3) / 2 x 0.1
    assert 0 < found.low < found.area < found.high
    assert objections({"qini": found.area, "qini_low": found.low}) == []
    again = cross_fitted(matrix, treated, outcome, FEATURES, folds)
    assert np.array_equal(unseen, again)


def test_a_random_order_has_a_qini_near_zero_and_is_refused() -> None:
    matrix, treated, outcome, folds = persuadable(gain=0.0)
    found = qini(cross_fitted(matrix, treated, outcome, FEATURES, folds), treated, outcome)
    assert found.low < 0 < found.high
    assert "not significantly better than a random order" in objections({"qini": found.area, "qini_low": found.low})[0]
    assert fit(matrix, treated, outcome, FEATURES).treated_share == pytest.approx(0.5, abs=0.02)


@pytest.fixture
def tested_company(tmp_path: Path) -> Company:
    """A company that called 3,000 of 4,500 customers; a call keeps only those who use the product much."""
    company = Company(settings_of(tmp_path), customers=4500)
    random = np.random.default_rng(2)
    day = training_snapshots(company.settings.config.churn, AS_OF)[0]
    company.save("customer_features", day, company.features(day).drop(columns="truth"))
    outcomes = trial(3000, 1500, treatment_share=2 / 3).assign(assigned_on=day + timedelta(days=3))
    sessions = company.features(day)["usage_sessions_28d"].to_numpy()
    chance = 0.5 - 0.4 * (outcomes["arm"] == "treatment") * (sessions > 13)
    company.save(
        "intervention_outcomes", AS_OF, outcomes.assign(as_of=AS_OF, lost=(random.random(4500) < chance).astype(float))
    )
    return company


def test_the_night_publishes_the_uplift_status_once_the_learner_is_trained(tested_company: Company) -> None:
    settings, registry = tested_company.settings, Registry(tested_company.settings)
    score(settings, registry, AS_OF)
    assert by_metric(tested_company.scores("intervention_effects"))["lost"]["uplift_status"] == "uplift_not_trained"
    note = next(note for note in train(settings, AS_OF).notes if note.startswith(NAME))
    assert note.startswith("uplift: version 1 is champion: Qini ")
    score(settings, registry, AS_OF)
    first = tested_company.scores("intervention_effects")
    rows = by_metric(first)
    assert rows["lost"]["uplift_status"] == "uplift_answered" and rows["lost"]["qini_low"] > 0
    assert rows["orders"]["uplift_status"] == "not_primary"
    score(settings, registry, AS_OF)
    pd.testing.assert_frame_equal(first, tested_company.scores("intervention_effects"))


def test_features_after_the_assignment_are_not_used(tested_company: Company) -> None:
    outcomes = pd.read_parquet(tested_company.settings.features / f"intervention_outcomes/as_of={AS_OF}/part-0.parquet")
    first = training_snapshots(tested_company.settings.config.churn, AS_OF)[0]
    tested_company.save("intervention_outcomes", AS_OF, outcomes.assign(assigned_on=first - timedelta(days=1)))
    with pytest.raises(ModelError, match="of 4,500 customers 0 had features before they were assigned"):
        largest_trial(tested_company.settings, AS_OF)


def test_a_company_without_random_assignment_gets_a_note(company: Company) -> None:
    counts, notes = score(company.settings, Registry(company.settings), AS_OF)
    assert counts[0].rows_out == 0 and "no random assignment is recorded" in notes[0]
    company.save("intervention_outcomes", AS_OF, trial(200, 20).assign(as_of=AS_OF))
    score(company.settings, Registry(company.settings), AS_OF)
    row = by_metric(company.scores("intervention_effects"))["lost"]
    assert (row["status"], row["uplift_status"]) == ("too_few", "uplift_too_few")
    with pytest.raises(ModelError, match="none of 1 randomised tests has 1,000 customers"):
        largest_trial(company.settings, AS_OF)
