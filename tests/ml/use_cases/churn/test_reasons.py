import numpy as np

from ml.classifier.examples import Labelled, read_population
from ml.classifier.train import Recipe, fit
from ml.feature_set import Feature, FeatureSet
from ml.reasons.causes import causes_of
from ml.reasons.explain import reasons_of
from ml.use_cases.churn.features import churn_target
from tests.ml.conftest import AS_OF, shipped_seed

FEATURES = FeatureSet(
    (
        Feature("reopened_tickets_90d", typical=0.0),
        Feature("usage_sessions_28d", typical=12.0),
        Feature("usage_minutes_28d", typical=240.0),
        Feature("monthly_price_cents", typical=1990.0),
        Feature("tariff", "attribute", ("basic", "legacy", "other"), typical=0.0),
        Feature("days_since_last_order", typical=30.0),
    )
)
CAUSES = causes_of(FEATURES, "EUR", shipped_seed("churn_causes"))


def explained(values, weights):
    return reasons_of(CAUSES, np.array(values, dtype=np.float32), np.array(weights, dtype=float))


def test_a_reason_has_the_customers_number_and_the_typical_one():
    first, second, third = explained([3, 12, 240, 2990, 1, 30], [0.9, 0, 0, 0.5, 0.3, 0])
    assert first.english == "A solved problem came back: 3 tickets reopened in 90 days, typical 0"
    assert first.chinese == "已解决的问题再次出现：近90天重新打开的工单 3 个，一般为 0"  # noqa: RUF001
    assert second.english == "The monthly price is high: EUR 29.90 a month, typical EUR 19.90"
    assert third.english == "Tariff: legacy, most have basic"


def test_the_number_one_takes_the_singular():
    [reason] = explained([1, 12, 240, 1990, 0, 30], [0.9, 0, 0, 0, 0, 0])
    assert reason.english == "A solved problem came back: 1 ticket reopened in 90 days, typical 0"


def test_columns_of_one_cause_count_together():
    [usage, reopened] = explained([1, 2, 40, 1990, 0, 30], [0.5, 0.3, 0.29, 0, 0, 0])
    assert (usage.code, reopened.code) == ("low_usage", "problem_came_back")
    assert usage.contribution == 0.59
    assert usage.english == "The product is hardly used: 2 sessions in 28 days, typical 12"


def test_only_causes_that_raise_the_risk_are_reasons():
    assert explained([3, 12, 240, 1990, 0, 30], [-0.9, 0, 0, 0.001, 0, 0]) == []


def test_wording_that_is_not_true_of_the_customer_is_left_out():
    high_use, missing = explained([0, 40, 240, 1990, 0, np.nan], [0, 0.8, 0, 0, 0, 0.4])
    assert high_use.english == "40 sessions in 28 days, typical 12"
    assert missing.english == "Nothing recorded; typical: last order 30 days ago"


def test_a_rare_category_is_called_other_and_a_missing_one_not_recorded_or_rare():
    [rare] = explained([0, 12, 240, 1990, 2, 30], [0, 0, 0, 0, 0.4, 0])
    assert (rare.english, rare.chinese) == ("Tariff: other, most have basic", "tariff：其他，多数为 basic")  # noqa: RUF001
    [missing] = explained([0, 12, 240, 1990, np.nan, 30], [0, 0, 0, 0, 0.4, 0])
    assert missing.english == "Not recorded or rare: tariff"


def test_true_reasons_come_before_neutral_ones():
    codes = [reason.code for reason in explained([1, 40, 240, 1990, 0, 30], [0.2, 0.8, 0, 0, 0, 0])]
    assert codes == ["problem_came_back", "other_low_usage"]


def test_planted_causes_are_the_reasons_of_affected_customers(trained_company):
    reasons = trained_company.scores("churn_reasons")
    unexplained = reasons["reason_code"] == "nothing_stands_out"
    assert unexplained.any() and (reasons[unexplained][["reason_rank", "contribution"]] == [1, 0.0]).all(axis=None)
    reasons = reasons[~unexplained]
    first = reasons[reasons["reason_rank"] == 1]
    assert set(first["reason_code"]) <= {"problem_came_back", "low_usage", "attribute_tariff"}
    texts = first[first["reason_code"] == "low_usage"]["reason_en"]
    assert len(texts) and texts.str.startswith("The product is hardly used: ").all()
    assert (reasons.groupby("customer_key")["contribution"].min() > 0).all()
    risky = trained_company.scores("churn").nlargest(100, "churn_probability")
    assert set(risky["customer_key"]) <= set(reasons["customer_key"])


def first_reasons(causes, model, matrix):
    contributions = model.contributions(matrix)
    found = [reasons_of(causes, values, weights) for values, weights in zip(matrix, contributions, strict=True)]
    return np.array([reasons[0].code if reasons else "" for reasons in found])


def test_reasons_are_the_same_on_the_next_night_even_with_another_model(trained_company):
    settings = trained_company.settings
    target = churn_target(settings, AS_OF)
    labelled = Labelled(settings, AS_OF, target)
    features = labelled.features()
    examples = labelled.read(features)
    tonight, tomorrow = (fit(examples.where(examples.folds != fold), features, target, Recipe()) for fold in (0, 1))
    matrix = next(read_population(settings, AS_OF, target, features)).matrix
    risky = matrix[np.argsort(-tonight.probabilities(matrix), kind="stable")[:300]]
    causes = causes_of(features, "EUR", shipped_seed("churn_causes"))
    grouped = first_reasons(causes, tonight, risky) == first_reasons(causes, tomorrow, risky)
    assert grouped.mean() >= 0.93
    less = risky.copy()  # what can change in a night: everybody used the product once less
    less[:, features.names.index("usage_sessions_28d")] -= 1
    assert (first_reasons(causes, tonight, less) == first_reasons(causes, tonight, risky)).mean() >= 0.85
