import numpy as np

from ml.registry import Registry
from ml.scoring import score
from ml.training import train
from tests.ml.conftest import AS_OF
from warehouse.calendar import training_snapshots


def leak(_features, churned):
    return churned + np.random.default_rng(3).normal(0, 0.2, len(churned))


def test_a_planted_leak_is_refused_and_nobody_is_scored_with_it(company):
    company.write(cancellation_form_opened=leak)
    report = train(company.settings, AS_OF)
    registry = Registry(company.settings)
    refused = registry.challenger("churn")
    assert registry.champion("churn") is None
    assert "cancellation_form_opened alone tells leavers from stayers" in report.notes[0]
    assert "cancellation_form_opened" in registry.tags(refused)["refused_because"]
    night = score(company.settings, AS_OF)
    assert company.scores("churn").empty and "run `rapport train`" in night.notes[0]
    assert list(company.scores("churn").columns)[:4] == ["customer_key", "as_of", "churn_probability", "risk_decile"]


def test_a_worse_challenger_is_refused_and_the_champion_goes_on_scoring(company):
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


def test_the_same_data_are_the_same_model_bit_for_bit_and_are_not_registered_twice(company):
    company.write()
    train(company.settings, AS_OF)
    first = Registry(company.settings).champion("churn")
    report = train(company.settings, AS_OF)
    again = Registry(company.settings).champion("churn")
    assert again == first and first is not None and len(first.fingerprint) == 64
    assert report.tables[0].status == "unchanged"


def test_too_few_leavers_train_nothing_and_say_so(company):
    company.customers = 8
    company.write()
    report = train(company.settings, AS_OF)
    assert report.notes[0].startswith(
        "churn: not trained, there is no champion yet: 6 labelled snapshots (42 rows, 17 leavers)"
    )
    assert Registry(company.settings).champion("churn") is None


def test_a_model_that_knows_nothing_is_refused(company):
    noise = np.random.default_rng(5)
    names = ("reopened_tickets_90d", "usage_sessions_28d", "usage_sessions_7d")
    company.write(**{name: lambda f, _: noise.random(len(f)) for name in names}, attributes=lambda f, _: "{}")
    report = train(company.settings, AS_OF)
    assert "is not better than chance" in report.notes[0]
    assert Registry(company.settings).champion("churn") is None
