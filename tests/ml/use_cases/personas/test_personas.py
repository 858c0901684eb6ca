"""Personas: planted groups of customers are found, keep their names between trainings, and are described in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ml.registry import Registry
from ml.training import train
from ml.use_cases.personas.promote import objections
from ml.use_cases.personas.register import NAME, evaluate
from ml.use_cases.personas.score import personas_of, score
from ml.use_cases.personas.train import PersonaModel, fit
from ml.use_cases.personas.wording import read_wording
from tests.ml.conftest import AS_OF, Company, key_of, shipped_settings
from warehouse.core.errors import ModelError

WORDING = read_wording(shipped_settings())
LOWEST_SILHOUETTE = WORDING.thresholds["persona_lowest_silhouette"]


def customers(sizes: tuple[int, ...] = (300, 200, 100), seed: int = 1, shift: float = 0.0) -> pd.DataFrame:
    """Buyers who never call, heavy users with contracts, and complainers; the largest group first."""
    random = np.random.default_rng(seed)
    orders, minutes, tickets = ((24, 1, 2), (5, 900, 60), (0.2, 0.2, 9))
    kind = np.repeat(np.arange(3), sizes)
    frame = pd.DataFrame(
        {
            "customer_key": [key_of(number) for number in range(len(kind))],
            "orders_365d": random.poisson(np.array(orders)[kind] + shift).astype(float),
            "usage_minutes_28d": random.gamma(5, np.array(minutes)[kind] / 5),
            "tickets_365d": random.poisson(np.array(tickets)[kind]).astype(float),
            "kind": kind,
        }
    )
    return frame.sort_values("customer_key", ignore_index=True)


@pytest.fixture(scope="module")
def model() -> PersonaModel:
    return fit(customers(), WORDING)


def test_planted_groups_are_found_and_named_by_their_behaviour(model: PersonaModel) -> None:
    assert len(model.personas) == 3
    known = customers()
    rows = personas_of(model, known, "EUR", WORDING).merge(known[["customer_key", "kind"]])
    assert rows.groupby("kind")["persona_id"].agg(lambda ids: ids.mode()[0]).tolist() == [1, 2, 3]
    assert (rows["persona_id"] == rows["kind"] + 1).mean() > 0.97
    assert [persona.english for persona in model.personas][:2] == [
        "Frequent buyers, light users",
        "Heavy users, rare buyers",
    ]
    assert model.personas[2].english.startswith("Much helped")
    assert "高频购买" in model.personas[0].chinese


def test_a_profile_compares_with_the_median_customer(model: PersonaModel) -> None:
    known = customers()
    rows = personas_of(model, known, "EUR", WORDING).merge(known)
    users = rows[rows["persona_id"] == 2]
    median, own = known["usage_minutes_28d"].median(), users["usage_minutes_28d"].median()
    profile = f"Minutes of use in four weeks high ({own:,.1f} against {median:,.1f})"
    assert profile in users["profile_en"].iloc[0]
    chinese = WORDING.phrases["high"][1].format(trait="四周使用分钟数", here=f"{own:,.1f}", others=f"{median:,.1f}")
    assert chinese in users["profile_zh"].iloc[0]
    assert rows.groupby("persona_id")["profile_en"].nunique().tolist() == [1, 1, 1]
    assert rows.drop_duplicates("persona_id")["persona_share"].sum() == pytest.approx(1, abs=1e-5)


def test_personas_keep_id_and_name_when_the_order_of_sizes_changes(model: PersonaModel) -> None:
    moved = customers((100, 200, 300), seed=2)
    again = fit(moved, WORDING, model)
    assert [(p.persona_id, p.english) for p in again.personas] == [(p.persona_id, p.english) for p in model.personas]
    assert fit(moved, WORDING).personas[0].english != again.personas[0].english
    assert evaluate(again, moved, model)["kept_share"] > 0.95


def test_a_new_group_gets_an_unused_id(model: PersonaModel) -> None:
    other = customers(seed=3).assign(orders_365d=lambda rows: np.where(rows["kind"] == 0, 0.0, rows["orders_365d"]))
    other["mentions_90d"] = np.where(other["kind"] == 0, 6.0, 0.0)
    found = fit(other, WORDING, model)
    assert {2, 3} <= {persona.persona_id for persona in found.personas}
    assert 1 not in {persona.persona_id for persona in found.personas}
    assert max(persona.persona_id for persona in found.personas) == found.next_id - 1 >= 4
    assert len({persona.english for persona in found.personas}) == len(found.personas)


def test_customers_without_groups_get_no_personas() -> None:
    random = np.random.default_rng(1)
    alike = pd.DataFrame({feature: random.normal(3, 1, 600) for feature in WORDING.traits})
    alike.insert(0, "customer_key", [key_of(number) for number in range(600)])
    found = fit(alike, WORDING)
    assert "form no groups" in objections(evaluate(found, alike, None), LOWEST_SILHOUETTE)[0]
    assert objections(evaluate(fit(customers(), WORDING), customers(), None), LOWEST_SILHOUETTE) == []
    with pytest.raises(ModelError, match="50 customers with 3 traits"):
        fit(customers().head(50), WORDING)


def test_training_or_scoring_twice_gives_the_same_result(company: Company) -> None:
    known = customers()
    features = known.drop(columns="kind").assign(as_of=AS_OF, has_active_subscription=True, has_ordered=False)
    stranger = features.head(1).assign(customer_key="nobody", has_active_subscription=False)
    company.save("customer_features", AS_OF, pd.concat([features, stranger]))
    registry = Registry(company.settings)
    _, notes = score(company.settings, registry, AS_OF)
    assert notes == ["customer_personas: there is no champion, so no customer has a persona; run `rapport train`"]
    assert company.scores(NAME).empty
    notes_of_training = [next(n for n in train(company.settings, AS_OF).notes if n.startswith(NAME)) for _ in range(2)]
    assert "version 1 is champion: 3 personas" in notes_of_training[0]
    assert notes_of_training[1] == "customer_personas: the same data gave the same model; version 1 stays champion"
    score(company.settings, registry, AS_OF)
    first = company.scores(NAME)
    score(company.settings, registry, AS_OF)
    pd.testing.assert_frame_equal(first, company.scores(NAME))
    assert len(first) == len(known) and "nobody" not in set(first["customer_key"])
