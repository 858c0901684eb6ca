"""Seeds edited by retention managers agree with each other and with the models (checked without dbt)."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from warehouse.core.settings import PROJECT

DBT = PROJECT / "dbt_project"
MODELS = sorted((DBT / "models").rglob("*.sql"))
NOT_FEATURES = {
    *("customer_key", "as_of", "has_active_subscription", "has_ordered", "attributes", "expected_value_cents"),
    "last_ticket_category",
}
NOT_DRIVERS = {
    *("response_id", "customer_key", "as_of", "responded_at", "csat", "nps", "ces"),
    *("channel", "segment", "region", "team"),
}


def seed(name: str) -> list[dict[str, str]]:
    with (DBT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def described(file: Path) -> dict[str, Any]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    found: dict[str, Any] = {model["name"]: model for model in content["models"]}[file.stem]
    return found


def columns(model: str) -> set[str]:
    return {column["name"] for column in described(DBT / "models" / f"{model}.yml")["columns"]}


def test_every_feature_has_a_churn_cause() -> None:
    assert {row["feature"] for row in seed("churn_causes")} == columns("features/customer_features") - NOT_FEATURES


def test_every_driver_feature_has_a_driver_name() -> None:
    names = {row["feature"] for row in seed("satisfaction_driver_names")}
    assert names == columns("features/survey_drivers") - NOT_DRIVERS


def test_every_driver_has_a_root_cause_and_a_process() -> None:
    drivers = {row["feature"]: row["driver_code"] for row in seed("satisfaction_driver_names")}
    causes = {row["feature"]: row["reason_code"] for row in seed("satisfaction_root_causes")}
    assert causes == {feature: code for feature, code in drivers.items() if feature != "touchpoint"}
    assert {row["cause_code"] for row in seed("root_cause_processes")} == set(drivers.values())


def test_playbook_has_actions_for_twelve_causes_and_a_default() -> None:
    causes = {row["reason_code"] for row in seed("churn_causes")}
    triggers = {row["reason_code"] for row in seed("playbook_actions")}
    assert triggers <= causes | {"any"}
    assert len(triggers & causes) >= 12
    assert [float(row["min_value_cents"]) for row in seed("playbook_actions") if row["reason_code"] == "any"] == [0]


def test_playbook_texts_are_complete_in_both_languages() -> None:
    texts = ("description_en", "description_zh", "offer_en", "offer_zh", "script_en", "script_zh")
    assert [row["action_code"] for row in seed("playbook_actions") if not all(row[text] for text in texts)] == []


def test_rfm_segments_cover_every_pair_of_scores_exactly_once() -> None:
    cells = Counter(
        (recency, value)
        for row in seed("rfm_segments")
        for recency in range(int(row["recency_from"]), int(row["recency_to"]) + 1)
        for value in range(int(row["frequency_monetary_from"]), int(row["frequency_monetary_to"]) + 1)
    )
    assert cells == Counter({(recency, value): 1 for recency in range(1, 6) for value in range(1, 6)})


@pytest.mark.parametrize("model", MODELS, ids=lambda file: file.stem)
def test_model_description_opens_with_its_grain_and_every_column_is_described(model: Path) -> None:
    content = described(model.with_suffix(".yml"))
    assert content["description"].strip().startswith("One row per")
    assert [column["name"] for column in content["columns"] if not column.get("description")] == []


@pytest.mark.parametrize("file", sorted((DBT / "seeds").rglob("*.yml")), ids=lambda file: file.stem)
def test_a_seed_with_constraints_has_a_test_of_them(file: Path) -> None:
    seeds = yaml.safe_load(file.read_text(encoding="utf-8"))["seeds"]
    constrained = [one for one in seeds if any(column.get("constraints") for column in one["columns"])]
    assert [one["name"] for one in constrained if "keeps_constraints" not in one.get("data_tests", [])] == []
