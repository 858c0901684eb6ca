import json
import shutil
from dataclasses import replace

import numpy as np

from ml.classifier.evaluate import evaluate
from ml.classifier.examples import Labelled
from ml.classifier.gate import Limits, objections
from ml.registry import Registry
from ml.scoring import score
from ml.training import train
from ml.use_cases.churn.features import churn_target
from tests.ml.conftest import AS_OF, Company, settings_of
from warehouse.core.calendar import training_snapshots


def leak(_features, churned):
    return churned + np.random.default_rng(3).normal(0, 0.2, len(churned))


def test_a_planted_leak_is_refused_and_no_customer_is_scored_with_it(company):
    company.write(cancellation_form_opened=leak)
    report = train(company.settings, AS_OF)
    registry = Registry(company.settings)
    refused = registry.challenger("churn")
    assert registry.champion("churn") is None
    assert "cancellation_form_opened alone separates leavers from stayers" in report.notes[0]
    assert "cancellation_form_opened" in registry.tags(refused)["refused_because"]
    night = score(company.settings, AS_OF)
    assert company.scores("churn").empty and "run `rapport train`" in night.notes[0]
    assert list(company.scores("churn").columns)[:4] == ["customer_key", "as_of", "churn_probability", "risk_decile"]


def test_a_worse_challenger_is_refused_and_the_champion_still_scores(company):
    company.write()
    train(company.settings, AS_OF)
    champion = Registry(company.settings).champion("churn")
    noise = np.random.default_rng(4)
    for night in training_snapshots(company.settings.config.churn, AS_OF)[:-1]:
        features = company.features(night)
        mostly_wrong = np.where(
            noise.random(len(features)) < 0.8, noise.random(len(features)) < 0.3, features.index > 0
        )
        company.write_labels(night, features, mostly_wrong)
    report = train(company.settings, AS_OF)
    registry = Registry(company.settings)
    assert "is worse than the champion's" in report.notes[0]
    assert registry.champion("churn") == champion
    assert registry.challenger("churn").number == "2"
    score(company.settings, AS_OF)
    assert set(company.scores("churn")["run_id"]) == {champion.run_id}


def test_the_same_data_give_the_same_model_bit_for_bit_which_is_not_registered_twice(company):
    company.write()
    train(company.settings, AS_OF)
    first = Registry(company.settings).champion("churn")
    report = train(company.settings, AS_OF)
    again = Registry(company.settings).champion("churn")
    assert again == first and first is not None and len(first.fingerprint) == 64
    assert report.tables[0].status == "unchanged"


def test_too_few_leavers_train_no_model_and_a_note_gives_the_reason(company):
    company.customers = 8
    company.write()
    report = train(company.settings, AS_OF)
    assert report.notes[0].startswith(
        "churn: not trained, there is no champion yet: 6 labelled snapshots (42 rows, 17 leavers)"
    )
    assert Registry(company.settings).champion("churn") is None


def test_a_model_that_predicts_no_better_than_chance_is_refused(company):
    noise = np.random.default_rng(5)
    names = ("reopened_tickets_90d", "usage_sessions_28d", "usage_sessions_7d")
    company.write(**{name: lambda f, _: noise.random(len(f)) for name in names}, attributes=lambda f, _: "{}")
    report = train(company.settings, AS_OF)
    assert "is not better than a random order" in report.notes[0]
    assert Registry(company.settings).champion("churn") is None


def revealing_category(_features, churned):
    noise = np.random.default_rng(6).random(len(churned)) < 0.03
    return [
        json.dumps({"tariff": "closing" if gone != wrong else "open"})
        for gone, wrong in zip(churned, noise, strict=True)
    ]


def test_a_leak_in_an_attribute_is_refused_until_it_is_acknowledged_in_the_configuration(company, tmp_path):
    company.write(attributes=revealing_category)
    note = train(company.settings, AS_OF).notes[0]
    assert "tariff alone separates leavers from stayers" in note and "of all Shapley values" in note
    assert "if it is known beforehand, add it to churn.acknowledged_features" in note
    churn = {"definition": "contract", "horizon_days": 60, "snapshots": 6, "acknowledged_features": ["tariff"]}
    acknowledged = Company(settings_of(tmp_path / "acknowledged", churn=churn))
    acknowledged.write(attributes=revealing_category)
    train(acknowledged.settings, AS_OF)
    assert Registry(acknowledged.settings).champion("churn") is not None


def test_the_gate_compares_profit_and_calibration_with_the_champion_on_the_same_rows(company):
    company.write()
    target = churn_target(company.settings, AS_OF)
    labelled = Labelled(company.settings, AS_OF, target)
    features = labelled.features()
    evaluation = evaluate(labelled.read(features), features, target)
    predicted, random = evaluation.probabilities, np.random.default_rng(9)
    limits = Limits.read(company.settings)
    assert objections(evaluation, target, limits) == [] == objections(evaluation, target, limits, predicted)
    better = np.clip(0.5 * predicted + 0.5 * evaluation.slice.truth, 0, 1)
    assert any(
        "expected maximum profit" in one and "worse than the champion's" in one
        for one in objections(evaluation, target, limits, better)
    )
    shuffled = replace(evaluation, probabilities=random.permutation(predicted))
    assert any("profit of the list" in one for one in objections(shuffled, target, limits, predicted))
    bold = replace(evaluation, probabilities=np.clip(2 * predicted, 0, 0.99))
    assert any("calibration error" in one for one in objections(bold, target, limits, predicted))
    strict = objections(evaluation, target, replace(limits, auc=0.5, positives=10_000))
    assert any("too good to be true (more than 0.5)" in one for one in strict)
    assert any("10000 are needed" in one for one in strict)


def test_one_class_only_or_no_table_is_a_clear_refusal(company):
    company.write()
    for night in training_snapshots(company.settings.config.churn, AS_OF):
        features = company.features(night)
        company.write_labels(night, features, np.zeros(len(features), dtype=bool))
    assert "0 leavers" in train(company.settings, AS_OF).notes[0]
    shutil.rmtree(company.settings.features / "churn_labels")
    note = train(company.settings, AS_OF).notes[0]
    assert note.startswith("churn: not trained, there is no champion yet") and "run `rapport train`" in note
