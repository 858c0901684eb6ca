import json
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from ml.classifier.examples import Labelled, read_population
from ml.classifier.splits import out_of_time
from ml.classifier.target import attribute_names
from ml.use_cases.churn.features import churn_target
from tests.ml.conftest import AS_OF, Company, settings_of
from warehouse.core.calendar import training_snapshots
from warehouse.core.errors import ModelError


def test_only_labels_known_by_the_night_are_used_for_training(company):
    company.write()
    newest = training_snapshots(company.settings.config.churn, AS_OF)[-1]
    labels = pd.read_parquet(company.settings.features / "churn_labels" / f"as_of={newest}" / "part-0.parquet")
    company.save("churn_labels", newest, labels.assign(known_from=AS_OF + timedelta(days=1)))
    too_new = newest + timedelta(days=10)
    features = company.features(too_new)
    company.save("customer_features", too_new, features.drop(columns="truth"))
    company.write_labels(too_new, features, company.left(features, too_new))
    labelled = Labelled(company.settings, AS_OF, churn_target(company.settings, AS_OF))
    examples = labelled.read(labelled.features())
    days = {int(day) for day in np.unique(examples.days)}
    expected = training_snapshots(company.settings.config.churn, AS_OF)[:-1]
    assert days == {(night - np.datetime64("1970-01-01").astype(object)).days for night in expected}


def test_the_tested_model_uses_no_label_from_after_the_start_of_its_test(company):
    company.write()
    labelled = Labelled(company.settings, AS_OF, churn_target(company.settings, AS_OF))
    examples = labelled.read(labelled.features())
    [(learn, check)] = out_of_time(examples, 60)
    assert examples.days[learn].max() + 60 <= examples.days[check].min()
    assert check.sum() == (examples.days == examples.days.max()).sum()


def test_only_those_with_a_running_contract_are_at_risk(company):
    company.write()
    labelled = Labelled(company.settings, AS_OF, churn_target(company.settings, AS_OF))
    target = churn_target(company.settings, AS_OF)
    chunks = read_population(company.settings, AS_OF, target, labelled.features())
    population = pd.concat(pd.Series(part.keys) for part in chunks)
    assert len(population) == 630 and population.is_monotonic_increasing


def test_the_label_is_never_a_feature(tmp_path):
    settings = settings_of(
        tmp_path,
        attributes={"names": ["Churn", "tariff"]},
        churn={"definition": "attribute", "label_attribute": "Churn", "label_value": "Yes"},
    )
    company = Company(settings)
    features = company.features(AS_OF)
    left = company.left(features, AS_OF)
    tariffs = [json.loads(text)["tariff"] for text in features["attributes"]]
    texts = [json.dumps({"Churn": "Yes" if gone else "No", "tariff": t}) for gone, t in zip(left, tariffs, strict=True)]
    company.save("customer_features", AS_OF, features.drop(columns="truth").assign(attributes=texts))
    labelled = Labelled(settings, AS_OF, churn_target(settings, AS_OF))
    found = labelled.features()
    assert "Churn" not in attribute_names(settings.config) and "Churn" not in found.names and "tariff" in found.names
    assert labelled.read(found).truth.sum() == left.sum()


def test_no_snapshots_is_a_clear_error(company):
    with pytest.raises(ModelError, match=r"expected snapshots from .* found none; run `rapport train`"):
        Labelled(company.settings, AS_OF, churn_target(company.settings, AS_OF))
