import json
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from ml.promotion import submit
from ml.registry import Registry
from ml.training import train
from ml.use_cases.satisfaction.register import prepare
from ml.use_cases.satisfaction.score import score
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
            "touchpoint": "delivery",
            "team": "",
        }
    )


def publish_drivers(company: Company, frame: pd.DataFrame) -> None:
    """Train on these responses and write the tables of the night."""
    company.save("survey_drivers", AS_OF, frame)
    registry = Registry(company.settings)
    submit(registry, prepare(company.settings, AS_OF))
    score(company.settings, registry, AS_OF)


@pytest.fixture(scope="module")
def drivers(tmp_path_factory) -> pd.DataFrame:
    company = Company(settings_of(tmp_path_factory.mktemp("drivers")))
    publish_drivers(company, responses(1200))
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
    wait = responses(1200)["wait_minutes"]
    per_doubling = np.polyfit(np.log2(1 + wait), -0.03 * wait, 1)[0]
    assert second["effect"] == pytest.approx(per_doubling, abs=0.04) and second["effect_per"] == "doubling"


def test_a_small_segment_is_published_but_not_reportable(drivers):
    small = drivers[drivers["segment"] == "b"]
    assert set(small["response_count"]) == {20} and not small["is_reportable"].any()
    assert drivers[drivers["segment"] == "a"]["is_reportable"].all()


def test_drivers_that_explain_nothing_are_refused(company):
    frame = responses(400)
    shuffled = frame["csat"].sample(frac=1, random_state=1).to_numpy()
    company.save("survey_drivers", AS_OF, frame.assign(csat=shuffled))
    report = train(company.settings, AS_OF)
    note = next(one for one in report.notes if one.startswith("satisfaction_drivers"))
    assert "version 1 refused" in note and "not better than the mean score" in note
    assert Registry(company.settings).champion("satisfaction_drivers") is None


def test_too_few_answers_train_no_model_and_a_note_gives_the_reason(company):
    company.save("survey_drivers", AS_OF, responses(40))
    report = train(company.settings, AS_OF)
    note = next(one for one in report.notes if one.startswith("satisfaction_drivers"))
    assert note.endswith("40 responses with csat, 100 are needed")


def test_intervals_of_effects_cover_the_planted_effect(drivers):
    overall = drivers[drivers["segment"] == "all"].set_index("driver_code")
    for driver, planted in (("broken_delivery_promise", -1.2), ("order_size", 0.0)):
        row = overall.loc[driver]
        assert row["effect_low"] < row["effect"] < row["effect_high"]
        assert row["effect_low"] < planted < row["effect_high"]
    assert overall.loc["waiting_time", "effect_high"] < 0


def test_a_champion_without_calibrated_shares_gives_no_shares(company):
    publish_drivers(company, responses(600))
    registry = Registry(company.settings)
    file = registry.folder(registry.champion("satisfaction_drivers")) / "satisfaction_drivers.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({"features": content["features"], "spread": {}}), encoding="utf-8")
    _, notes = score(company.settings, registry, AS_OF)
    assert len(notes) == 1 and notes[0].endswith("are not calibrated; run `rapport train`")
    assert company.scores("satisfaction_drivers").empty


def test_a_team_has_rows_of_its_own(tmp_path):
    company = Company(settings_of(tmp_path))
    frame = responses(600)
    publish_drivers(company, frame.assign(team=np.where(frame.index % 2, "billing", None)))
    rows = company.scores("satisfaction_drivers")
    team = rows[rows["dimension"] == "team"]
    assert set(team["dimension_value"]) == {"billing"} and set(team["segment"]) == {"team:billing"}
    assert set(team["response_count"]) == {300}


def test_the_causes_of_a_bad_score_come_with_the_customers_numbers(tmp_path):
    company = Company(settings_of(tmp_path))
    frame = responses(1200)
    frame["responded_at"] = pd.Timestamp(AS_OF) - pd.to_timedelta(np.arange(1200) % 80 + 1, unit="D")
    unblamed = frame[frame["order_is_late"] == 0].nsmallest(10, "wait_minutes").index
    frame.loc[unblamed, "csat"] = 1
    publish_drivers(company, frame)
    causes = company.scores("root_causes")
    own = causes[causes["scope"] == "response"]
    bad = frame[frame["csat"] <= 2].set_index("response_id")
    assert set(own["response_id"]) <= set(bad.index) and len(set(own["response_id"])) > 0.9 * len(bad)
    assert (own["contribution"] < 0).all()
    late = own[(own["cause_rank"] == 1) & (own["cause_code"] == "broken_delivery_promise")].iloc[0]
    days = bad.loc[late["response_id"], "order_days_late"]
    assert bad.loc[late["response_id"], "order_is_late"] == 1 and days > 0
    assert late["cause_en"].startswith("The order came later than promised: ")
    assert late["cause_zh"].startswith("订单未按承诺时间送达")
    weekly = causes[(causes["scope"] == "segment_week") & (causes["segment"] == "a")]
    totals = weekly.groupby("week_start")["cause_share"].sum()
    np.testing.assert_allclose(totals, 1, atol=1e-5)
    first = weekly[weekly["cause_rank"] == 1]
    assert (first["cause_code"] == "broken_delivery_promise").mean() > 0.8
    assert {day.weekday() for day in weekly["week_start"]} == {0}


def test_without_dissatisfied_customers_the_causes_are_empty(tmp_path):
    company = Company(settings_of(tmp_path))
    frame = responses(600)
    publish_drivers(company, frame.assign(csat=frame["csat"].clip(lower=3)))
    assert company.scores("root_causes").empty
