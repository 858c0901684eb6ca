"""Expected value: published parameters and examples, recovery of known parameters, values calculated by hand."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from scipy.special import hyp2f1

from ml.registry import Registry
from ml.training import train
from ml.use_cases.value import purchase_counts, survival
from ml.use_cases.value.evaluate import by_frequency, evaluate_contracts, evaluate_purchases
from ml.use_cases.value.promote import contract_objections, purchase_objections
from ml.use_cases.value.purchase_counts import PurchaseCounts
from ml.use_cases.value.purchase_values import PurchaseValues
from ml.use_cases.value.score import contract_value, purchase_value, score, with_movement
from ml.use_cases.value.survival import MONTH_DAYS, Survival
from ml.use_cases.value.train import ContractModel, PurchaseModel, fit_purchases
from tests.ml.conftest import AS_OF, Company, key_of
from warehouse.core.configuration import ValueConfig
from warehouse.core.errors import ModelError

#: Fader, Hardie and Lee 2005, table 2, and Fader and Hardie 2013, on the CDNOW customers.
CDNOW = PurchaseCounts(r=0.243, alpha=4.414, a=0.793, b=2.426)
CDNOW_VALUES = PurchaseValues(p=6.25, q=3.74, gamma=15.44)


def one(value: float) -> np.ndarray:
    return np.array([value])


def test_expected_purchases_are_those_of_the_authors_worksheet() -> None:
    """x = 2, t_x = 30.43, T = 38.86 and 39 weeks ahead: 1.226 purchases."""
    found = CDNOW.expected(one(2.0), one(30.43), one(38.86), one(39.0))
    assert found[0, 0] == pytest.approx(1.226, abs=5e-4)


def test_expected_values_are_those_of_the_authors_note() -> None:
    """Customers 1, 2 and 3 of the note: 24.66, 18.91 and, never seen again, the mean of 35.2."""
    found = CDNOW_VALUES.expected(np.array([2.0, 1.0, 0.0]), np.array([22.35, 11.77, 0.0]))
    assert found == pytest.approx([24.66, 18.91, 35.2], abs=0.03)
    assert CDNOW_VALUES.mean == pytest.approx(35.2, abs=0.03)


@pytest.mark.parametrize("a", [0.05, 0.793, 1.01, 40.0])
@pytest.mark.parametrize("x", [0.0, 1.0, 7.0, 60.0])
def test_the_integral_is_the_published_formula(a: float, x: float) -> None:
    model, t_x, T, ahead = PurchaseCounts(0.243, 4.414, a, 2.426), 30.0 * (x > 0), 38.0, 39.0
    spread = hyp2f1(model.r + x, model.b + x, model.a + model.b + x - 1, ahead / (model.alpha + T + ahead))
    fall = ((model.alpha + T) / (model.alpha + T + ahead)) ** (model.r + x)
    published = (model.a + model.b + x - 1) / (model.a - 1) * (1 - fall * spread)
    published *= model.alive(one(x), one(t_x), one(T))[0]
    assert model.expected(one(x), one(t_x), one(T), one(ahead))[0, 0] == pytest.approx(published, rel=1e-5)


def test_frequent_buyers_who_stopped_are_inactive() -> None:
    alive = CDNOW.alive(np.array([0.0, 10.0, 10.0, 1.0]), np.array([0.0, 38.0, 10.0, 10.0]), np.full(4, 38.86))
    assert alive[0] == 1
    assert alive[1] > 0.9 > alive[3] > 0.4
    assert alive[2] < 0.001


def buyers(truth: PurchaseCounts, values: PurchaseValues, count: int, weeks: float, ahead: float) -> pd.DataFrame:
    """Histories as of `weeks` after a first purchase on different days, and purchases of the next `ahead` weeks."""
    random = np.random.default_rng(5)
    rate, leaving = random.gamma(truth.r, 1 / truth.alpha, count), random.beta(truth.a, truth.b, count)
    begun = random.uniform(0, weeks / 2, count)
    now, last, x, later = begun.copy(), begun.copy(), np.zeros(count), np.zeros(count)
    active = np.ones(count, dtype=bool)
    while active.any():
        now = now + random.exponential(1 / rate)
        before = active & (now <= weeks)
        x, last = x + before, np.where(before, now, last)
        active &= now <= weeks + ahead
        later += active & (now > weeks)
        active &= random.random(count) >= leaving
    scale = values.gamma / random.gamma(values.q, 1, count)
    return pd.DataFrame(
        {
            "customer_key": [key_of(number) for number in range(count)],
            "repeat_purchase_days": x,
            "recency_days": (last - begun) * 7,
            "age_days": (weeks - begun) * 7,
            "mean_margin_cents": random.gamma(values.p * (x + 1), scale / (x + 1)),
            "later_purchase_days": later,
            "later_margin_cents": later * values.p * scale,
        }
    )


TRUTH = PurchaseCounts(r=0.8, alpha=6.0, a=0.6, b=3.0)
VALUES = PurchaseValues(p=5.0, q=4.0, gamma=2000.0)


@pytest.fixture(scope="module")
def simulated() -> pd.DataFrame:
    return buyers(TRUTH, VALUES, 8000, 78, 13)


def test_the_parameters_of_simulated_buyers_are_found(simulated: pd.DataFrame) -> None:
    found = fit_purchases(simulated)
    counts, values = found.counts, found.values
    assert counts.is_converged and values.is_converged
    assert counts.r / counts.alpha == pytest.approx(TRUTH.r / TRUTH.alpha, rel=0.1)
    assert counts.a / (counts.a + counts.b) == pytest.approx(TRUTH.a / (TRUTH.a + TRUTH.b), rel=0.15)
    assert (counts.r, counts.alpha) == pytest.approx((TRUTH.r, TRUTH.alpha), rel=0.15)
    assert (values.p, values.q) == pytest.approx((VALUES.p, VALUES.q), rel=0.2)
    assert values.mean == pytest.approx(VALUES.mean, rel=0.03)


def test_no_nearby_parameters_are_more_likely(simulated: pd.DataFrame) -> None:
    x, t_x, T = (simulated[c].to_numpy(float) for c in ("repeat_purchase_days", "recency_days", "age_days"))
    found = purchase_counts.fit(x, t_x / 7, T / 7, np.ones(len(x)))
    best = np.log([found.r, found.alpha, found.a, found.b])
    likely = purchase_counts.log_likelihood(best, x, t_x / 7, T / 7).sum()
    for step in np.vstack([np.eye(4), -np.eye(4)]) * 0.02:
        assert purchase_counts.log_likelihood(best + step, x, t_x / 7, T / 7).sum() < likely


def test_the_likelihood_equals_the_simulated_process() -> None:
    """Likelihood of no repeat purchase and of one, from 400,000 draws of rate and probability of leaving."""
    random, count = np.random.default_rng(3), 400_000
    rate, leaving = random.gamma(0.8, 1 / 6, count), random.beta(0.6, 3, count)
    none, single = (
        np.exp(-rate * 10).mean(),
        (rate * np.exp(-rate * 4) * (leaving + (1 - leaving) * np.exp(-rate * 6))).mean(),
    )
    found = purchase_counts.log_likelihood(
        np.log([0.8, 6, 0.6, 3]), np.array([0.0, 1.0]), np.array([0.0, 4.0]), np.array([10.0, 10.0])
    )
    assert np.exp(found) == pytest.approx([none, single], rel=0.01)


def test_holdout_purchases_are_predicted_better_than_by_the_earlier_rate(simulated: pd.DataFrame) -> None:
    model = fit_purchases(simulated)
    figures = evaluate_purchases(model, simulated, 91)
    assert figures["purchases_ratio"] == pytest.approx(1, abs=0.06)
    assert figures["margin_ratio"] == pytest.approx(1, abs=0.08)
    assert figures["purchases_mae"] < figures["purchases_mae_naive"]
    assert figures["purchases_correlation"] > figures["purchases_correlation_naive"]
    assert purchase_objections(figures, True, 2.0) == []
    table = by_frequency(model, simulated, 91)
    assert table["customers"].sum() == len(simulated)
    assert table["predicted"].to_numpy() == pytest.approx(table["actual"].to_numpy(), rel=0.25, abs=0.1)


def test_a_model_that_predicts_three_times_the_actual_purchases_is_refused(simulated: pd.DataFrame) -> None:
    figures = evaluate_purchases(fit_purchases(simulated), simulated, 91)
    wrong = figures | {"purchases_ratio": 3.0}
    assert "more than a factor of 2" in purchase_objections(wrong, True, 2.0)[0]
    assert purchase_objections(figures, False, 2.0) == ["the fit did not converge"]
    assert contract_objections({"losses_predicted": 150.0, "losses": 60.0}, 1.35)[0].startswith(
        "150 losses predicted, 60 happened"
    )
    assert contract_objections({"losses_predicted": 12.0, "losses": 6.0}, 1.35) == []


def test_too_few_buyers_are_refused() -> None:
    few = pd.DataFrame({"customer_key": ["a"], "repeat_purchase_days": [3], "mean_margin_cents": [1.0]})
    with pytest.raises(ModelError, match="1 customers with 3 repeat purchases; 200 customers with 100 are needed"):
        fit_purchases(few)


def hazards(rows: list[tuple[str, int, int, int]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["stratum", "tenure_from", "contract_days", "loss_count"])


def test_survival_follows_hazards_and_plans_and_small_plans_are_shrunk() -> None:
    many = hazards(
        [("good", 0, 500_000, 500), ("bad", 0, 500_000, 1500), ("good", 30, 900_000, 90), ("bad", 30, 900_000, 270)]
    )
    found = survival.fit(many)
    assert found.factors["bad"] / found.factors["good"] == pytest.approx(3, rel=0.03)
    lives = found.surviving(np.array([0.0, 0.0, 30.0]), pd.Series(["good", "bad", "bad"]), 60)
    assert lives == pytest.approx(np.exp([-0.03 - 0.003, -0.09 - 0.009, -0.018]), rel=0.02)
    few = hazards([("good", 0, 500_000, 1000), *((f"plan{n}", 0, 1000, 2) for n in range(9)), ("tiny", 0, 100, 1)])
    assert survival.fit(few).factors["tiny"] == pytest.approx(1, abs=0.05)


def test_simulated_contracts_are_calibrated() -> None:
    random, count = np.random.default_rng(9), 20_000
    tenure, plan = random.uniform(0, 700, count), np.where(random.random(count) < 0.3, "bad", "good")
    daily = np.where(tenure < 360, 0.001, 0.0004) * np.where(plan == "bad", 2.0, 1.0)
    lost = random.random(count) < 1 - np.exp(-daily * 30)
    frame = pd.DataFrame({"stratum": plan, "tenure_from": np.where(tenure < 360, 0, 360), "days": 30, "lost": lost})
    grouped = frame.groupby(["stratum", "tenure_from"], as_index=False).agg(
        contract_days=("days", "sum"), loss_count=("lost", "sum")
    )
    model = ContractModel(survival.fit(grouped))
    histories = pd.DataFrame({"tenure_days": tenure, "stratum": plan, "is_running": True, "is_lost_later": lost})
    figures = evaluate_contracts(model, histories, 30)
    assert figures["losses_ratio"] == pytest.approx(1, abs=0.05)
    assert figures["calibration_error"] < 0.005
    assert contract_objections(figures, 1.35) == []


CONFIG = ValueConfig(horizon_months=12, discount_share=0.19)


def test_a_contract_is_worth_its_discounted_months() -> None:
    model = ContractModel(Survival((0.0,), (0.0,), {}))
    histories = pd.DataFrame(
        {"customer_key": ["a", "b"], "tenure_days": [10, 10], "stratum": ["x", "x"], "is_running": [True, False],
         "monthly_margin_cents": [1000.0, 0.0]}
    )  # fmt: skip
    found = contract_value(model, histories, CONFIG)
    months = sum(0.81 ** ((month + 0.5) / 12) for month in range(12))
    assert found["contract_value_cents"].tolist() == [round(1000 * months, 2), 0.0]
    assert found["expected_contract_months"].tolist() == [12.0, 0.0]
    mortal = ContractModel(Survival((0.0,), (np.log(2) / (12 * MONTH_DAYS),), {}))
    halving = sum(0.5 ** ((month + 0.5) / 12) for month in range(12))
    assert contract_value(mortal, histories, CONFIG)["expected_contract_months"][0] == pytest.approx(halving, abs=1e-6)


def test_value_of_purchases_is_the_expected_margin_discounted_by_quarters() -> None:
    model = PurchaseModel(CDNOW, CDNOW_VALUES)
    histories = pd.DataFrame(
        {
            "customer_key": ["a"],
            "repeat_purchase_days": [2],
            "recency_days": [213],
            "age_days": [272],
            "mean_margin_cents": [22.35],
        }
    )
    found = purchase_value(model, histories, CONFIG).iloc[0]
    weeks = np.array([3, 6, 9, 12]) * MONTH_DAYS / 7
    expected = CDNOW.expected(one(2), one(213 / 7), one(272 / 7), weeks)[0]
    discounted = np.diff(expected, prepend=0) @ 0.81 ** (np.array([1.5, 4.5, 7.5, 10.5]) / 12)
    assert found["expected_purchases"] == pytest.approx(expected[-1], abs=1e-6)
    assert found["expected_purchase_cents"] == pytest.approx(CDNOW_VALUES.expected(one(3), one(22.35))[0], abs=1e-6)
    assert found["purchase_value_cents"] == pytest.approx(discounted * found["expected_purchase_cents"], abs=0.01)


def test_movement_is_empty_for_customers_without_an_earlier_value() -> None:
    tonight = pd.DataFrame({"customer_key": ["a", "b"], "value_cents": [100.0, 40.0]})
    found = with_movement(tonight, pd.DataFrame({"customer_key": ["a"], "value_cents": [130.0]}))
    assert found["value_change_cents"].tolist()[0] == -30
    assert np.isnan(found["previous_value_cents"][1])
    assert found["value_decile"].tolist() == [10, 5]


def save_histories(company: Company, simulated: pd.DataFrame, contracts: bool) -> None:
    days = [AS_OF, AS_OF - timedelta(days=30), AS_OF - timedelta(days=90)]
    company.save(
        "purchase_histories", AS_OF, pd.concat([simulated.assign(as_of=AS_OF, known_until=day) for day in days])
    )
    begun = 6 if contracts else 0
    rows = pd.DataFrame({"customer_key": [key_of(10_000 + n) for n in range(begun)], "stratum": "basic"})
    rows = rows.assign(tenure_days=100, is_running=True, monthly_margin_cents=1000.0, is_lost_later=False)
    company.save("contract_histories", AS_OF, pd.concat([rows.assign(as_of=AS_OF, known_until=day) for day in days]))
    losses = hazards([("basic", 0, 100_000, 40)] * bool(begun)).assign(tenure_until=99999)
    company.save("contract_hazards", AS_OF, pd.concat([losses.assign(as_of=AS_OF, known_until=day) for day in days]))


def test_a_rerun_gives_the_same_values_and_without_contracts_only_purchases_are_valued(
    company: Company, simulated: pd.DataFrame
) -> None:
    save_histories(company, simulated.astype({"recency_days": int, "age_days": int}), contracts=False)
    report = train(company.settings, AS_OF)
    notes = [note for note in report.notes if note.startswith("customer_value")]
    assert "customer_value_purchases: version 1 is champion" in notes[0]
    assert notes[1].startswith("customer_value_contracts: not trained, there is no champion yet: 0 contracts ended")
    registry = Registry(company.settings)
    _, notes = score(company.settings, registry, AS_OF)
    assert notes == ["customer_value_contracts: there is no champion, so contracts have no value; run `rapport train`"]
    first = company.scores("customer_value")
    score(company.settings, registry, AS_OF)
    pd.testing.assert_frame_equal(first, company.scores("customer_value"))
    assert set(first["model"]) == {"purchases"} and len(first) == len(simulated)
    assert (first["value_cents"] == first["previous_value_cents"]).all()
    again = [note for note in train(company.settings, AS_OF).notes if note.startswith("customer_value_p")]
    assert again == ["customer_value_purchases: the same data gave the same model; version 1 stays champion"]


def test_without_champions_the_table_is_empty(company: Company) -> None:
    counts, notes = score(company.settings, Registry(company.settings), AS_OF)
    assert (counts[0].rows_out, counts[0].status, len(notes)) == (0, "no champion", 2)
    assert company.scores("customer_value").empty
