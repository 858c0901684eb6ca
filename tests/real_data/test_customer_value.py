"""Online Retail: who buys again, and how often, is predicted by a model trained on earlier purchases."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.evaluations import Evaluation
from tests.evaluations.customer_value import DATA, evaluate, histories_of, read


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    if not DATA.is_dir():
        pytest.skip(f"the shared data set online_retail is not at {DATA}")
    return evaluate(Path(tmp_path_factory.mktemp("customer_value")))


@pytest.mark.slow
def test_predicted_purchases_are_close_to_the_actual_ones_outside_the_season(evaluation: Evaluation) -> None:
    assert evaluation.figures["purchases_ratio_1"] == pytest.approx(1, abs=0.15)
    assert 0.6 < evaluation.figures["purchases_ratio_2"] < 1  # the autumn is stronger than the months before


@pytest.mark.slow
def test_buyers_are_predicted_better_than_by_the_earlier_rate(evaluation: Evaluation) -> None:
    for number in (1, 2):
        mine, naive = (evaluation.figures[f"purchases_correlation{end}_{number}"] for end in ("", "_naive"))
        assert mine > naive + 0.02
        assert evaluation.figures[f"purchases_rmse_{number}"] < evaluation.figures[f"purchases_rmse_naive_{number}"]
    assert evaluation.figures["squared_error_gain_low_1"] > 0
    assert evaluation.figures["margin_correlation_1"] > 0.7


def test_histories_have_purchase_days_before_a_date_and_purchases_after_it(evaluation: Evaluation) -> None:
    days, until = read(), date(2011, 7, 1)
    rows, bought = histories_of(days, until).set_index("customer_key"), days[days["bought"]]
    one = rows["repeat_purchase_days"].idxmax()
    own = bought[bought["customer_key"] == one]["day"]
    before = own[own < until]
    assert rows["repeat_purchase_days"].max() == len(before) - 1
    assert rows["age_days"].max() <= 212  # the file begins on 2010-12-01
    assert len(rows) == bought[bought["day"] < until]["customer_key"].nunique() == evaluation.figures["n_1"]
