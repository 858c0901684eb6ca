from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from ml.registry import Registry
from ml.scoring import score
from ml.training import train
from tests.ml.conftest import AS_OF, Company, settings_of


def responses(count: int, seed: int = 11) -> pd.DataFrame:
    """Scores moved by late orders (-1.2), then waits (-0.3 per 10 minutes), then nothing else; segment b is tiny."""
    random = np.random.default_rng(seed)
    late_days = np.where(random.random(count) < 0.3, random.integers(1, 6, count), 0).astype(float)
    wait, size = random.exponential(10, count), random.integers(1, 5, count).astype(float)
    score = 4.4 - 1.2 * (late_days > 0) - 0.03 * wait + random.normal(0, 0.5, count)
    return pd.DataFrame(
        {
            "response_id": [f"r{i}" for i in range(count)],
            "customer_key": [f"c{i // 2}" for i in range(count)],
            "as_of": AS_OF,
            "responded_at": [datetime(2026, 1, 1) + timedelta(hours=int(i)) for i in range(count)],
            "csat": score.round().clip(1, 5),
            "nps": np.nan,
            "ces": np.nan,
            "segment": np.where(np.arange(count) < 20, "b", "a"),
            "order_is_late": (late_days > 0).astype(float),
            "order_days_late": late_days,
            "wait_minutes": wait,
            "order_line_count": size,
            "open_tickets": np.nan,
        }
    )


@pytest.fixture(scope="module")
def drivers(tmp_path_factory) -> pd.DataFrame:
    company = Company(settings_of(tmp_path_factory.mktemp("drivers")))
    company.save("survey_drivers", AS_OF, responses(1200))
    train(company.settings, AS_OF)
    score(company.settings, AS_OF)
    return company.scores("satisfaction_drivers")


def test_drivers_come_out_in_the_order_that_was_planted(drivers):
    overall = drivers[drivers["segment"] == "all"]
    assert list(overall["driver_code"]) == ["broken_delivery_promise", "waiting_time", "order_size"]
    assert list(overall["importance_rank"]) == [1, 2, 3]
    assert overall["importance_share"].sum() == pytest.approx(1, abs=1e-5)
    assert (overall["share_low"] <= overall["importance_share"]).all()
    assert (overall["importance_share"] <= overall["share_high"]).all()
    strongest, second = overall.iloc[0], overall.iloc[1]
    assert strongest["share_low"] > second["share_high"]
    assert strongest["driver_zh"] == "未按承诺时间交付" and strongest["direction"] == "lowers"
    assert strongest["effect"] == pytest.approx(-1.2, abs=0.15)
    assert second["effect"] == pytest.approx(-0.03, abs=0.015)


def test_a_small_segment_is_published_but_not_reportable(drivers):
    small = drivers[drivers["segment"] == "b"]
    assert set(small["response_count"]) == {20} and not small["is_reportable"].any()
    assert drivers[drivers["segment"] == "a"]["is_reportable"].all()


def test_drivers_that_explain_nothing_are_refused(company):
    frame = responses(400)
    shuffled = frame["csat"].sample(frac=1, random_state=1).to_numpy()
    company.save("survey_drivers", AS_OF, frame.assign(csat=shuffled))
    report = train(company.settings, AS_OF)
    assert "satisfaction_drivers: version 1 refused" in report.notes[1]
    assert "not better than the mean score" in report.notes[1]
    assert Registry(company.settings).champion("satisfaction_drivers") is None


def test_too_few_answers_train_nothing_and_say_so(company):
    company.save("survey_drivers", AS_OF, responses(40))
    report = train(company.settings, AS_OF)
    assert report.notes[1].endswith("40 responses with csat, 100 are needed")
