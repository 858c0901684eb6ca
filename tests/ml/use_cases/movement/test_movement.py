from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from ml.feature_set import Feature, FeatureSet
from ml.registry import Registry
from ml.use_cases.churn.tables import CHURN
from ml.use_cases.movement import risks
from ml.use_cases.movement.score import score
from ml.use_cases.movement.split import Period, split
from tests.ml.conftest import AS_OF, Company, settings_of
from tests.ml.use_cases.satisfaction.test_satisfaction import publish_drivers, responses


def period(cells: str, values: list[float], **parts: list[float]) -> Period:
    return Period(np.array(list(cells), dtype=object), np.array(values), pd.DataFrame(parts, index=range(len(values))))


def test_mix_and_rate_are_those_worked_out_by_hand() -> None:
    """Shares 0.75/0.25 -> 0.25/0.75; means a 4 -> 4.4, b 2 -> 3: change 3.35 - 3.5 = -0.15.

    Mix: a -0.5 x (4.2 - 3.425) = -0.3875, b 0.5 x (2.5 - 3.425) = -0.4625; rate: 0.5 x 0.4 + 0.5 x 1 = 0.7.
    """
    found = split(period("aaab", [4, 4, 4, 2]), period("abbb", [4.4, 3, 3, 3]))
    assert list(found.itertuples(index=False, name=None)) == [
        ("mix", "a", pytest.approx(-0.3875)),
        ("mix", "b", pytest.approx(-0.4625)),
        ("driver", "unexplained", pytest.approx(0.7)),
    ]


def test_parts_of_the_values_split_the_rate() -> None:
    before = period("ab", [4.0, 2.0], late=[0.0, -1.0], model_version=[0.0, 0.0])
    after = period("ab", [3.0, 2.0], late=[-0.7, -1.0], model_version=[-0.1, 0.0])
    found = split(before, after).set_index("part_code")["contribution"]
    assert found.to_dict() == pytest.approx(
        {"a": 0, "b": 0, "late": -0.35, "model_version": -0.05, "unexplained": -0.1}
    )


def test_a_new_group_contributes_to_the_mix_only() -> None:
    found = split(period("aa", [4, 4]), period("an", [4, 1])).set_index("part_code")["contribution"]
    assert found["unexplained"] == 0 and found["a"] + found["n"] == pytest.approx(-1.5)


def test_parts_of_any_numbers_add_up_to_the_published_change() -> None:
    random = np.random.default_rng(5)
    for _ in range(20):
        sides = [
            Period(
                random.choice(list("abcd"), n).astype(object),
                random.normal(3, 1, n),
                pd.DataFrame(random.normal(0, 1, (n, 3)), columns=["x", "y", "model_version"]),
            )
            for n in random.integers(1, 50, 2)
        ]
        change = round(round(sides[1].values.mean(), 6) - round(sides[0].values.mean(), 6), 6)
        assert split(sides[0], sides[1])["contribution"].sum() == pytest.approx(change, abs=1e-9)


@pytest.fixture(scope="module")
def moved(tmp_path_factory) -> Company:
    """In the last 28 days the share of late orders triples."""
    company = Company(settings_of(tmp_path_factory.mktemp("moved")))
    publish_drivers(company, later_is_worse())
    score(company.settings, Registry(company.settings), AS_OF)
    return company


def later_is_worse() -> pd.DataFrame:
    frame = responses(2400)
    random, count = np.random.default_rng(3), len(frame)
    days = random.integers(1, 57, count)
    frame["responded_at"] = [datetime.combine(AS_OF, datetime.min.time()) - timedelta(days=int(d)) for d in days]
    late = random.random(count) < np.where(days <= 28, 0.6, 0.2)
    frame["order_is_late"] = late.astype(float)
    frame["order_days_late"] = np.where(late, random.integers(1, 6, count), 0).astype(float)
    noise = random.normal(0, 0.4, count)
    frame["csat"] = (4.4 - 1.2 * late - 0.03 * frame["wait_minutes"] + noise).round().clip(1, 5)
    frame["nps"] = np.where(frame["csat"] >= 4, 9.0, 5.0)
    return frame


def test_the_movement_is_credited_to_the_driver_that_changed(moved: Company) -> None:
    rows = moved.scores("metric_movements")
    csat = rows[(rows["metric"] == "csat") & (rows["segment"] == "all") & (rows["days"] == 28)]
    by_part = csat.set_index("part_code")["contribution"]
    answers = later_is_worse()
    is_after = answers["responded_at"] >= pd.Timestamp(AS_OF) - pd.Timedelta(days=28)
    means = answers.groupby(is_after)["csat"].mean()
    assert csat["change"].iloc[0] == pytest.approx(means[True] - means[False], abs=2e-6)
    assert by_part["broken_delivery_promise"] == pytest.approx(csat["change"].iloc[0], rel=0.15)
    assert by_part["model_version"] == 0
    assert set(csat["model_version_after"]) == {"1"}
    nps = rows[(rows["metric"] == "nps") & (rows["segment"] == "all") & (rows["days"] == 28)]
    assert set(nps["part"]) == {"mix", "driver", "model_version"} and nps["model_version_after"].isna().all()


def test_published_parts_add_up_for_every_metric_segment_and_window(moved: Company) -> None:
    rows = moved.scores("metric_movements")
    sums = rows.groupby(["metric", "segment", "days"]).agg(parts=("contribution", "sum"), change=("change", "first"))
    assert len(sums) >= 6
    np.testing.assert_allclose(sums["parts"], sums["change"], atol=1e-9)


def test_the_same_night_again_gives_the_same_movements(moved: Company) -> None:
    before = moved.scores("metric_movements")
    score(moved.settings, Registry(moved.settings), AS_OF)
    pd.testing.assert_frame_equal(moved.scores("metric_movements"), before)


class Logistic:
    """A risk model of two features, one cause each; `weights` are log odds per unit."""

    features = FeatureSet((Feature("late"), Feature("price")))

    def __init__(self, *weights: float) -> None:
        self.weights = np.array(weights)

    def contributions(self, matrix: np.ndarray) -> np.ndarray:
        return matrix * self.weights

    def probabilities(self, matrix: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(2 - self.contributions(matrix).sum(axis=1)))


def test_a_risk_that_rose_is_split_into_its_causes_and_the_new_model(company: Company, monkeypatch) -> None:
    random, then = np.random.default_rng(2), AS_OF - timedelta(days=7)
    keys = np.array([f"c{number:03}" for number in range(200)])
    late = {then: random.normal(0, 1, 200), AS_OF: random.normal(0.8, 1, 200)}
    price = random.normal(0, 1, 200)
    matrix = {night: np.column_stack([late[night], price]) for night in late}
    models = {"1": Logistic(1.0, 0.5), "2": Logistic(1.0, 0.9)}
    for night, version in ((then, "1"), (AS_OF, "2")):
        predicted = models[version].probabilities(matrix[night]).round(6)
        frame = pd.DataFrame({"customer_key": keys, "churn_probability": predicted, "risk_decile": 1})
        CHURN.write(company.settings.scores, night, frame.assign(model_version=version, run_id="r"))
    monkeypatch.setattr(risks, "_usable", lambda *_: [models["1"], models["2"]])
    monkeypatch.setattr(risks, "_population", lambda _, model, night, keys: matrix[night])
    found = next(iter(risks.compare_risks(company.settings, Registry(company.settings), AS_OF, 7)))
    parts = split(found.before, found.after).set_index("part_code")["contribution"]
    by_version = {v: [m.probabilities(matrix[night]).mean() for night in (then, AS_OF)] for v, m in models.items()}
    stepped = np.mean(np.subtract(by_version["2"], by_version["1"]))
    assert parts["model_version"] == pytest.approx(stepped, abs=2e-6)
    assert parts.sum() == pytest.approx(by_version["2"][1] - by_version["1"][0], abs=2e-6)
    assert parts["column_late"] > 10 * abs(parts["column_price"]) and abs(parts["unexplained"]) < 1e-3
    assert found.versions == ("1", "2")


def test_no_rows_for_a_night_that_was_not_scored(company: Company) -> None:
    assert not list(risks.compare_risks(company.settings, Registry(company.settings), AS_OF, 28))
