"""The planted causes work in the direction and to the extent of the truth file."""

from __future__ import annotations

import json

import pandas as pd

from tests.demo.sources import Sources


def orders_of(demo: Sources) -> pd.DataFrame:
    lines = demo.table("order_lines").query("status == 'delivered'").drop_duplicates("order_id")
    late = lines["delivered_at"].str[:10] > lines["promised_at"].str[:10]
    return lines.assign(is_late=late).set_index("order_id")


def scores_of(demo: Sources) -> pd.DataFrame:
    responses = demo.table("responses")
    responses["csat"] = pd.to_numeric(responses["csat"])
    return responses[responses["csat"] <= 5]


def test_customers_with_late_deliveries_answer_lower(planted: Sources) -> None:
    answered = scores_of(planted).join(orders_of(planted)["is_late"], on="order_id", how="inner")
    on_time, late = answered[~answered["is_late"]]["csat"], answered[answered["is_late"]]["csat"]
    assert len(late) >= 30
    assert late.mean() < on_time.mean() - 1


def test_reopened_tickets_lower_the_answer(planted: Sources) -> None:
    reopened = set(planted.table("events").query("event_type == 'reopened'")["ticket_id"])
    answered = scores_of(planted).dropna(subset="ticket_id")
    came_back = answered["ticket_id"].isin(reopened)
    assert came_back.sum() >= 8
    assert answered[came_back]["csat"].mean() < answered[~came_back]["csat"].mean() - 0.4


def test_comments_agree_with_the_score(planted: Sources) -> None:
    written = scores_of(planted).dropna(subset="comment").query("language == 'en' and touchpoint == 'delivery'")
    complains = written["comment"].str.contains("later than promised|late again|was delayed", case=False)
    assert complains.any()
    assert written[complains]["csat"].mean() < written[~complains]["csat"].mean()


def test_leavers_were_less_satisfied_when_they_decided(demo: Sources) -> None:
    leaving = demo.truth("leaving")[["satisfaction", "average_satisfaction"]].astype(float)
    assert len(leaving) > 40
    assert leaving["satisfaction"].mean() < leaving["average_satisfaction"].mean() - 0.3


def test_one_to_two_per_cent_of_contracts_end_per_month(demo: Sources) -> None:
    contracts = demo.table("contracts")
    ended = contracts.dropna(subset="cancelled_at")["contract_no"].nunique()
    monthly = ended / contracts["contract_no"].nunique() / (300 / 30)
    assert 0.009 < monthly < 0.021


def test_use_falls_before_a_contract_ends(demo: Sources) -> None:
    ended = demo.table("contracts").dropna(subset="cancelled_at").set_index("account_no")["cancelled_at"]
    use = demo.table("usage_daily").join(ended[~ended.index.duplicated()], on="account_no", how="inner")
    days = (pd.to_datetime(use["cancelled_at"]) - pd.to_datetime(use["usage_date"])).dt.days
    minutes = use["minutes"].astype(float)
    assert minutes[days.between(0, 21)].mean() < 0.75 * minutes[days.between(90, 200)].mean()


def test_prices_rise_and_every_version_is_kept(demo: Sources) -> None:
    contracts = demo.table("contracts").drop_duplicates()
    prices = contracts.groupby("contract_no")["monthly_price_cents"].agg(["first", "last"]).astype(int)
    assert (prices["last"] >= prices["first"]).all()
    assert (prices["last"] > prices["first"]).mean() > 0.1
    assert not contracts.duplicated(["contract_no", "updated_at"]).any()


def test_truth_tells_the_planted_effects_in_order(demo: Sources) -> None:
    truth = json.loads((demo.demo / "truth" / "effects.json").read_text(encoding="utf-8"))
    assert truth["effects"]["late_delivery"] < truth["effects"]["wait_longer_than_promised"] < 0
    assert truth["drivers_ranked"][0] == "late_delivery"
    assert truth["company"]["seed"] == 11
