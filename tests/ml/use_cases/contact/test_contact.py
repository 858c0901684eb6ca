"""Forecast of tickets and complaints in the next days, and of their category."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from ml.promotion import submit
from ml.registry import Registry
from ml.use_cases.contact.categories import Categories, hit_rates, learn
from ml.use_cases.contact.evaluate import Comparison, compare, wilson
from ml.use_cases.contact.promote import objections
from ml.use_cases.contact.use_case import USE_CASE
from tests.ml.conftest import AS_OF, Company, settings_of
from warehouse.core.calendar import contact_snapshots
from warehouse.core.settings import Settings


def _settings(home: Path) -> Settings:
    """A company with tickets that may contact 40 customers a night."""
    settings = settings_of(home, retention={"list_length": 40})
    config = yaml.safe_load(settings.config_path.read_text(encoding="utf-8"))
    config["sources"]["ticket"] = {"connector": "files", "path": "unused", "tables": {"tickets": {"from": "t.csv"}}}
    settings.config_path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return Settings(settings.home, settings.config_path, settings.datasets)


@dataclass
class Callers(Company):
    """Customers whose service failed open tickets and complain; a call in the last week does not predict another."""

    def signals(self, night: date) -> pd.DataFrame:
        random = np.random.default_rng([self.seed, 5, night.toordinal()])
        features = self.features(night).drop(columns="truth")
        return features.assign(
            outage_minutes_7d=random.gamma(0.6, 100, len(features)).round() * (random.random(len(features)) < 0.5),
            contacts_7d=random.poisson(0.3, len(features)).astype(float),
            tickets_7d=random.poisson(0.1, len(features)).astype(float),
            overdue_orders=0.0,
            last_ticket_category=random.choice(np.array(["billing", "outage", None], dtype=object), len(features)),
        )

    def write(self, as_of: date = AS_OF, **_: Any) -> None:
        for night in [*contact_snapshots(self.settings.config, as_of), as_of]:
            features = self.signals(night)
            self.save("customer_features", night, features)
            if night < as_of:
                self.save("contact_labels", night, self.labels(features, night))

    def labels(self, features: pd.DataFrame, night: date) -> pd.DataFrame:
        random = np.random.default_rng([self.seed, 6, night.toordinal()])
        failed = np.minimum(features["outage_minutes_7d"].to_numpy(), 300) / 300
        has_ticket = random.random(len(features)) < 0.05 + 0.4 * failed
        category = np.where(random.random(len(features)) < 0.2 + 0.7 * (failed > 0), "outage", "billing")
        return pd.DataFrame(
            {
                "customer_key": features["customer_key"],
                "as_of": night,
                "has_ticket_within_48h": has_ticket,
                "has_complaint_within_7d": has_ticket & (random.random(len(features)) < 0.6),
                "first_category": pd.Series(category).where(has_ticket, None),
                "known_from": night + timedelta(days=7),
            }
        )


def _train(company: Company) -> list[str]:
    registry = Registry(company.settings)
    return [note for model in USE_CASE.models for note in submit(registry, model.prepare(company.settings, AS_OF))[1]]


@pytest.fixture(scope="module")
def callers(tmp_path_factory: pytest.TempPathFactory) -> Callers:
    """Trained, and scored tonight; tests only read it."""
    company = Callers(_settings(tmp_path_factory.mktemp("callers")), customers=1200)
    company.write()
    _train(company)
    USE_CASE.score(company.settings, Registry(company.settings), AS_OF)
    return company


def test_every_customer_is_scored_and_the_budget_goes_to_the_highest_expected_numbers(callers: Callers) -> None:
    rows = callers.scores("contact_forecast").sort_values("contact_rank", ignore_index=True)
    assert len(rows) == 1200
    assert rows["contact_rank"].tolist() == list(range(1, 1201))
    assert rows["is_within_budget"].sum() == 40
    expected = rows["ticket_probability_48h"] + rows["complaint_probability_7d"]
    assert (expected.diff().dropna() < 1e-9).all()
    features = callers.signals(AS_OF).set_index("customer_key").loc[rows["customer_key"]]
    assert features["outage_minutes_7d"].iloc[:40].mean() > 150 > features["outage_minutes_7d"].iloc[40:].mean()


def test_mean_probabilities_equal_the_planted_shares(callers: Callers) -> None:
    rows = callers.scores("contact_forecast")
    failed = np.minimum(callers.signals(AS_OF)["outage_minutes_7d"].to_numpy(), 300) / 300
    assert rows["ticket_probability_48h"].mean() == pytest.approx(float((0.05 + 0.4 * failed).mean()), rel=0.15)
    assert rows["complaint_probability_7d"].mean() == pytest.approx(
        float((0.6 * (0.05 + 0.4 * failed)).mean()), rel=0.2
    )


def test_the_forecast_beats_last_weeks_contacts_on_a_night_outside_the_training_data(callers: Callers) -> None:
    registry = Registry(callers.settings)
    champion = registry.champion("contact_ticket")
    assert champion is not None
    figures = registry.metrics(champion)
    assert figures["precision_at_budget_low"] > figures["naive_precision_at_budget"]
    assert figures["auc"] > 0.65 > figures["naive_auc"]
    assert figures["category_hit_rate"] > figures["category_hit_rate_most_frequent"]


def test_the_likely_category_follows_what_happened_to_the_customer(callers: Callers) -> None:
    rows = callers.scores("contact_forecast").merge(callers.signals(AS_OF), on="customer_key", validate="one_to_one")
    failed = rows["outage_minutes_7d"].to_numpy() > 0
    assert set(rows.loc[failed, "likely_category"]) == {"outage"}
    assert set(rows.loc[~failed, "likely_category"]) == {"billing"}
    assert rows["category_probability"].between(0.5, 1).all()


def test_the_same_night_twice_gives_the_same_rows(callers: Callers) -> None:
    before = callers.scores("contact_forecast")
    USE_CASE.score(callers.settings, Registry(callers.settings), AS_OF)
    pd.testing.assert_frame_equal(callers.scores("contact_forecast"), before)


def test_tickets_that_no_feature_predicts_get_no_champion(tmp_path: Path) -> None:
    company = Callers(_settings(tmp_path), customers=400)
    company.write()
    for night in contact_snapshots(company.settings.config, AS_OF):
        labels = company.labels(company.signals(night), night)
        random = np.random.default_rng([1, night.toordinal()])  # one draw in forty looks better than a random order
        drawn = random.random(len(labels)) < 0.1
        company.save("contact_labels", night, labels.assign(has_ticket_within_48h=drawn, has_complaint_within_7d=drawn))
    notes = _train(company)
    assert [(" refused" in note, "not better than a random order" in note) for note in notes] == [(True, True)] * 2
    counts, notes = USE_CASE.score(company.settings, Registry(company.settings), AS_OF)
    assert counts[0].rows_out == 0
    assert notes == ["contact_forecast: there is no champion, so no customer is scored; run `rapport train`"]


def test_a_company_without_tickets_has_an_empty_forecast(company: Company) -> None:
    company.write()
    counts, notes = USE_CASE.score(company.settings, Registry(company.settings), AS_OF)
    assert counts[0].rows_out == 0
    assert notes == ["contact_forecast: there are no tickets: map ticket.tickets in the configuration"]
    assert company.scores("contact_forecast").empty


def test_a_small_group_is_shrunk_to_the_shares_of_all_customers() -> None:
    rows = pd.DataFrame({"situation": ["none"] * 90 + ["rare"], "category": ["billing"] * 60 + ["outage"] * 31})
    categories = learn(rows, prior_tickets=20)
    assert categories.overall == pytest.approx({"billing": 60 / 91, "outage": 31 / 91}, abs=1e-6)
    assert categories.groups["rare"]["outage"] == pytest.approx((1 + 20 * 31 / 91) / 21, abs=1e-6)
    likely = categories.likely(pd.Series(["rare", "never seen"]))
    assert likely["likely_category"].tolist() == ["billing", "billing"]


def test_categories_are_judged_on_later_tickets(tmp_path: Path) -> None:
    learnt = pd.DataFrame({"situation": ["a"] * 50 + ["b"] * 40, "category": ["x"] * 50 + ["y"] * 40})
    later = pd.DataFrame({"situation": ["a", "b", "b"], "category": ["x", "y", "x"]})
    figures = hit_rates(learnt, later, prior_tickets=1)
    assert figures["category_hit_rate"] == pytest.approx(2 / 3, abs=1e-6)
    assert figures["category_hit_rate_most_frequent"] == pytest.approx(2 / 3, abs=1e-6)
    learn(learnt, 1).save(tmp_path)
    assert Categories.load(tmp_path) == learn(learnt, 1)


def test_the_naive_list_and_the_models_are_of_the_same_length() -> None:
    truth = np.array([1.0, 1.0, 0.0, 0.0, 0.0, 1.0])
    rows = pd.DataFrame({"customer_key": list("abcdef"), "truth": truth, "last_week": [0.0, 0.0, 3.0, 2.0, 0.0, 1.0]})
    found = compare(rows, np.array([0.9, 0.8, 0.1, 0.1, 0.1, 0.2]), budget=3)
    assert (found.budget, found.precision, found.auc) == (3, 1.0, 1.0)
    assert found.naive_precision == pytest.approx(1 / 3)
    assert found.naive_auc == pytest.approx(2 / 9)


def test_the_interval_of_a_share_is_wilsons() -> None:
    assert list(wilson(5, 40)) == pytest.approx([0.0546, 0.2611], abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("precision", "area", "refused"), [(0.1, 0.4, True), (0.3, 0.4, False), (0.1, 0.6, False)])
def test_a_model_no_better_than_last_weeks_contacts_is_refused(precision: float, area: float, refused: bool) -> None:
    comparison = Comparison(40, precision, 0.0, 1.0, 0.2, 0.0, 1.0, area, 0.5)
    assert bool(objections(comparison)) is refused
