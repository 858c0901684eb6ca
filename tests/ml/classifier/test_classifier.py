import json
from dataclasses import replace

import numpy as np
import pytest

from ml import booster
from ml.classifier import search as searching
from ml.classifier.baselines import logistic_regression, recency_only
from ml.classifier.examples import Labelled, read_population
from ml.classifier.linear import fit_linear
from ml.classifier.reference import counts_of, read_reference
from ml.classifier.register import stored_twin
from ml.classifier.search import HOUSE, _better_than_house, search
from ml.classifier.splits import out_of_time
from ml.classifier.stability import stability
from ml.classifier.train import Recipe, fit, fit_margins
from ml.feature_set import Feature, FeatureSet
from ml.metrics import auc
from ml.reasons.causes import known_signs
from ml.registry import Registry
from ml.use_cases.churn.features import churn_target
from tests.ml.conftest import AS_OF, shipped_seed
from warehouse.core.configuration import TrainingConfig

_PROPOSED = searching._proposed
FEATURES = FeatureSet((Feature("sessions"), Feature("tariff", "attribute", ("basic", "legacy"))))


@pytest.fixture
def learnt(company):
    """(target, features, examples, learn, check) of the small company."""
    company.write()
    target = churn_target(company.settings, AS_OF)
    labelled = Labelled(company.settings, AS_OF, target)
    features = labelled.features()
    examples = labelled.read(features)
    [(learn, check)] = out_of_time(examples, target.horizon_days)
    return target, features, examples, learn, check


def small_matrix(count: int = 4_000) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(11)
    sessions = random.gamma(2, 10, count)
    legacy = random.random(count) < 0.3
    logit = 1.5 - 0.9 * np.log1p(sessions) + 0.8 * legacy
    truth = (random.random(count) < 1 / (1 + np.exp(-logit))).astype(float)
    sessions[random.random(count) < 0.2] = np.nan
    return np.column_stack([sessions, legacy]).astype(np.float32), truth


def test_the_linear_model_recovers_the_planted_weight_and_its_contributions_add_up():
    matrix, truth = small_matrix()
    model = fit_linear(matrix, truth, FEATURES, {}, 1.0)
    line = next(term for term in model.terms if term.kind == "line")
    assert line.weight == pytest.approx(-0.9, abs=0.1)
    assert model.margin(matrix) == pytest.approx(model.intercept + model.contributions(matrix).sum(axis=1))
    assert model.contributions(matrix).mean(axis=0) == pytest.approx(0, abs=1e-6)


def test_a_weight_of_known_sign_never_has_the_wrong_sign():
    matrix, truth = small_matrix()
    model = fit_linear(matrix, truth, FEATURES, {"sessions": 1}, 1.0)
    assert not [term for term in model.terms if term.kind == "line"]


def test_a_probability_never_falls_against_the_sign_of_a_feature(learnt):
    target, features, examples, _, _ = learnt
    position = features.names.index("usage_sessions_28d")
    rows = np.repeat(examples.matrix[:50], 30, axis=0)
    rows[:, position] = np.tile(np.arange(30), 50)
    for signs, rises in (({"usage_sessions_28d": 1}, True), ({"usage_sessions_28d": -1}, False)):
        model = fit(examples, features, replace(target, signs=signs), Recipe())
        steps = np.diff(model.probabilities(rows).reshape(50, 30), axis=1)
        assert (steps.min() >= 0) if rises else (steps.max() <= 0 and steps.min() < 0)


def test_contributions_add_up_to_the_log_odds_before_calibration(learnt):
    target, features, examples, _, _ = learnt
    margins = fit_margins(examples, features, target, Recipe())
    predicted = margins(examples.matrix)
    left = np.log(predicted / (1 - predicted)) - margins.contributions(examples.matrix).sum(axis=1)
    assert left == pytest.approx(left[0], abs=1e-4)


def test_few_features_have_a_sign_and_it_agrees_with_their_wording():
    signs = known_signs(shipped_seed("churn_causes"))
    assert signs["reopened_tickets_90d"] == 1 and signs["days_since_last_order"] == 1
    assert signs["last_csat"] == -1 and "monthly_price_cents" not in signs and set(signs.values()) == {1, -1}


def test_the_search_is_the_same_every_time_and_as_good_as_the_house_recipe(learnt):
    target, features, examples, learn, check = learnt
    few = TrainingConfig(search_trials=4)
    found = search(examples.where(learn), features, target, few)
    assert found == search(examples.where(learn), features, target, few)
    areas = [
        auc(examples.truth[check], fit_margins(examples.where(learn), features, target, recipe)(examples.matrix[check]))
        for recipe in (Recipe(), found)
    ]
    assert areas[1] > areas[0] - 0.01


def test_the_budget_of_the_configuration_bounds_the_search_and_reaches_the_recipe(learnt, monkeypatch):
    target, features, examples, learn, _ = learnt
    proposed = []
    monkeypatch.setattr(searching, "_proposed", lambda trial: proposed.append(trial) or _PROPOSED(trial))
    found = search(examples.where(learn), features, target, TrainingConfig(search_trials=2, trees_a_round=3))
    assert len(proposed) == 2 and found.parallel == 3
    assert search(examples.where(learn), features, target, TrainingConfig(search_trials=0)) == HOUSE
    assert len(proposed) == 2
    assert stability(examples, features, target, HOUSE, TrainingConfig(stability_snapshots=0)) == {}


def test_another_recipe_needs_a_gain_above_that_of_random_trials():
    random = np.random.default_rng(1)
    house = random.exponential(size=2000)
    others = {Recipe(ridge=float(n)): house + random.normal(0, 0.2, 2000) for n in range(1, 200)}
    assert _better_than_house({HOUSE: house} | others) == HOUSE
    better = Recipe(balance=0.5)
    assert _better_than_house({HOUSE: house} | others | {better: house + random.normal(-0.03, 0.2, 2000)}) == better
    assert _better_than_house({HOUSE: house, better: house + random.normal(-0.01, 0.2, 2000)}) == better


def test_a_class_weight_changes_the_ranking_little_and_the_level_not_at_all(learnt):
    target, features, examples, learn, check = learnt
    plain, weighted = (
        fit(examples.where(learn), features, target, Recipe(balance=b)).probabilities(examples.matrix[check])
        for b in (0.0, 1.0)
    )
    assert weighted.mean() == pytest.approx(plain.mean(), abs=0.02)
    assert auc(examples.truth[check], weighted) == pytest.approx(auc(examples.truth[check], plain), abs=0.02)


def test_baselines_rank_customers_and_have_the_right_level(learnt):
    _, features, examples, learn, check = learnt
    predicted = logistic_regression(examples.where(learn), examples.where(check), features)
    assert auc(examples.truth[check], predicted) > 0.7 and predicted.mean() == pytest.approx(
        examples.truth.mean(), abs=0.05
    )
    assert recency_only(examples.where(learn), examples.where(check), features) is None  # the column never varies


def test_stability_tests_each_night_on_labels_known_by_then(learnt):
    target, features, examples, _, _ = learnt
    nights = stability(examples, features, target, Recipe())
    assert list(nights) == ["2026-01-31", "2026-03-02", "2026-04-01", "2026-05-01"][-len(nights) :] and len(nights) >= 3
    assert all(0.6 < night["auc"] < 0.95 and night["n"] == 630 for night in nights.values())


def test_the_reference_describes_the_training_data(trained_company):
    registry = Registry(trained_company.settings)
    reference = read_reference(registry.folder(registry.champion("churn")))
    assert reference is not None and reference["rows"] == 1350
    for feature in (*reference["features"], reference["score"]):
        assert sum(feature["shares"]) + feature["missing_share"] == pytest.approx(1, abs=1e-4)
    sessions = next(one for one in reference["features"] if one["name"] == "usage_sessions_28d")
    last = trained_company.features(np.datetime64(reference["snapshot"]).astype(object))
    known = last.loc[last["has_active_subscription"], "usage_sessions_28d"].to_numpy()
    assert list(counts_of(sessions, known) / 1350) == pytest.approx(sessions["shares"], abs=1e-5)
    tariff = next(one for one in reference["features"] if one["name"] == "tariff")
    assert tariff["categories"] == ["basic", "legacy", "plus"] and json.dumps(reference)


def test_trees_from_batches_equal_trees_from_all_rows(company):
    company.write()
    target = churn_target(company.settings, AS_OF)
    labelled = Labelled(company.settings, AS_OF, target)
    features = labelled.features()
    examples = labelled.read(features)
    batches = list(labelled.batches(features))
    assert len(batches) == 6 and sum(len(matrix) for matrix, _ in batches) == len(examples)
    assert np.concatenate([matrix for matrix, _ in batches]) == pytest.approx(examples.matrix, nan_ok=True)
    streamed, again = (
        fit_margins(examples, features, target, Recipe(), lambda: labelled.batches(features)) for _ in range(2)
    )
    assert streamed.booster.save_raw() == again.booster.save_raw()
    plain = fit_margins(examples, features, target, Recipe())
    assert np.corrcoef(streamed(examples.matrix), plain(examples.matrix))[0, 1] > 0.98


def test_another_seed_hardly_changes_the_highest_tenth(company, monkeypatch):
    random = np.random.default_rng(5)
    noise = {f"noise_{number}": lambda features, _: random.normal(size=len(features)) for number in range(30)}
    company.write(**noise)
    target = churn_target(company.settings, AS_OF)
    labelled = Labelled(company.settings, AS_OF, target)
    features = labelled.features()
    examples = labelled.read(features)
    night = next(read_population(company.settings, AS_OF, target, features)).matrix
    size = len(night) // 10
    tenths = []
    for seed in (1, 2):
        monkeypatch.setitem(booster.REGULAR, "seed", seed)
        predicted = fit_margins(examples, features, target, Recipe(linear_share=0))(night)
        tenths.append(set(np.argsort(-predicted, kind="stable")[:size]))
    assert len(tenths[0] & tenths[1]) >= 0.95 * size


def test_the_holdout_twin_of_a_model_stored_by_an_earlier_version_is_found(tmp_path):
    assert stored_twin(tmp_path, "churn") is None
    (tmp_path / "churn_unseeing.json").touch()
    assert stored_twin(tmp_path, "churn") == "churn_unseeing"
    (tmp_path / "churn_holdout_twin.json").touch()
    assert stored_twin(tmp_path, "churn") == "churn_holdout_twin"
