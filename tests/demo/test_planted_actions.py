"""Effects planted in promises, prices, tests, contacts, points and reasons can be recovered from the records."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from demo import generate
from tests.demo.sources import Sources, settings_of
from tests.demo.test_causes import orders_of

STRUCTURAL = "moving|no longer needed|搬家|移居|不再需要|用不上|no need any more"


def accounts_of(planted: Sources) -> pd.DataFrame:
    return planted.table("accounts").drop_duplicates("account_no").set_index("account_no")


def actions_of(planted: Sources) -> pd.DataFrame:
    return planted.table("retention_actions").drop_duplicates("intervention_id", keep="last")


def test_the_delivery_promise_is_broken_for_small_businesses(planted: Sources) -> None:
    orders, effects = orders_of(planted), planted.planted()["effects"]
    late = orders["is_late"].groupby(orders["account_no"].map(accounts_of(planted)["segment"])).mean()
    assert abs(late["small_business"] - effects["late_delivery_share_small_business"]) < 0.05
    assert (abs(late.drop("small_business") - effects["late_delivery_share"]) < 0.03).all()


def test_the_price_of_one_plan_rises_for_all_customers_on_one_day(planted: Sources) -> None:
    rise = planted.episode("price_rise")
    contracts = planted.table("contracts").astype({"monthly_price_cents": int})
    before = contracts[contracts["updated_at"] < rise["first_day"]].drop_duplicates("contract_no", keep="last")
    raised = contracts[contracts["updated_at"].str[:10] == rise["first_day"]].set_index("contract_no")
    there = before[(before["plan"] == rise["value"]) & before["cancelled_at"].isna()].set_index("contract_no")
    assert set(there.index) <= set(raised.index) and len(there) > 50
    ratio = raised.loc[there.index, "monthly_price_cents"] / there["monthly_price_cents"]
    assert (abs(ratio - 1 - float(rise["size"]) / 100) < 0.001).all()


def test_the_price_lock_reduces_losses_and_the_new_invoice_does_not(planted: Sources) -> None:
    actions, contracts = actions_of(planted), planted.table("contracts").dropna(subset="cancelled_at")
    first_cancelled = contracts.groupby("account_no")["cancelled_at"].min()
    shares = {}
    for test in ("price-lock-2026-03", "new-invoice-2026-08"):
        arms = actions[actions["experiment_id"] == test]
        cancelled = arms["account_no"].map(first_cancelled)
        lost = (cancelled > arms["assigned_at"]) & (cancelled < "2026-09-20")
        shares[test] = lost.groupby(arms["arm"]).mean()
        assert abs((arms["arm"] == "treatment").mean() - 0.5) < 0.06
    assert shares["price-lock-2026-03"]["treatment"] < 0.75 * shares["price-lock-2026-03"]["control"]
    assert abs(shares["new-invoice-2026-08"]["treatment"] - shares["new-invoice-2026-08"]["control"]) < 0.03


def test_free_delivery_raises_orders_by_the_planted_share(planted: Sources) -> None:
    truth = next(test for test in planted.planted()["experiments"] if test["experiment_id"] == "free-delivery-2026-07")
    arms, orders = actions_of(planted).query("experiment_id == 'free-delivery-2026-07'"), orders_of(planted)
    window = orders["ordered_at"].between("2026-07-07", "2026-10-04")
    ordered = arms["account_no"].map(orders[window].groupby("account_no").size()).fillna(0).groupby(arms["arm"]).mean()
    assert abs(ordered["treatment"] / ordered["control"] - truth["order_rate_factor"]) < 0.3


def test_one_in_ten_is_held_out_and_fitting_actions_are_accepted_more_often(planted: Sources) -> None:
    truth = planted.planted()["retention"]
    team = actions_of(planted).query("experiment_id == 'retention-standing'")
    held_out = team["arm"] == "holdout"
    assert abs(held_out.mean() - truth["holdout_share"]) < 0.03
    assert team[held_out][["action_code", "contacted_at", "outcome"]].isna().all(axis=None)
    known = team.dropna(subset="outcome")
    assert abs((known["outcome"] == "unreachable").mean() - truth["unreachable_share"]) < 0.04
    accepted = (known["outcome"] == "accepted").groupby(known["action_code"]).mean()
    assert accepted["make_good_late_delivery"] > accepted["general_care"] + 0.05


def test_lapsed_buyers_order_nothing_until_they_come_back(planted: Sources) -> None:
    buyers, orders = planted.truth("buyers"), orders_of(planted)
    lapsed, back = (buyers[buyers["what"] == what] for what in ("lapsed", "came_back"))
    gaps = back.merge(lapsed, on="account_no", suffixes=("", "_lapsed"))
    gaps = gaps[gaps["date_lapsed"] < gaps["date"]]
    assert len(gaps) > 20
    ordered = gaps.merge(orders[["account_no", "ordered_at"]], on="account_no")
    day = ordered["ordered_at"].str[:10]
    assert not ((day > ordered["date_lapsed"]) & (day < ordered["date"])).any()
    assert (day >= ordered["date"]).any()
    rate = planted.planted()["effects"]["coming_back_of_lapsed_per_day"]
    lapsed_days = (pd.Timestamp("2026-11-01") - pd.to_datetime(lapsed["date"])).dt.days.sum()
    assert 0.6 * rate * lapsed_days < len(back) < 1.6 * rate * lapsed_days


def test_stated_reasons_mostly_name_the_true_cause(planted: Sources) -> None:
    left = planted.table("contracts").dropna(subset="cancelled_at").drop_duplicates("account_no", keep="last")
    causes = planted.truth("leaving").drop_duplicates("account_no", keep="last").set_index("account_no")["cause"]
    cause, reason = left["account_no"].map(causes), left["cancel_reason"]
    assert 0.05 < reason.isna().mean() < 0.2
    structural = cause.isin(["moving", "no longer needed"])
    names_it = reason.fillna("").str.contains(STRUCTURAL)
    assert names_it[structural & reason.notna()].mean() > 0.85
    assert names_it[~structural & reason.notna()].mean() < 0.15
    assert reason.dropna().str.contains("[\u4e00-\u9fff]").any()


def test_points_are_lost_a_year_after_they_were_earned_oldest_first(tmp_path: Path) -> None:
    generate(settings_of(tmp_path), customers=300, days=500, end=date(2026, 11, 1), defect_rate=0.0)
    ledger = Sources(tmp_path).table("points_ledger").astype({"points": int})
    assert {"earn", "burn", "expire"} == set(ledger["entry_type"])
    for _, entries in ledger.groupby("account_no"):
        earned, gone = entries[entries["entry_type"] == "earn"], entries[entries["entry_type"] != "earn"]
        for day, lost in gone[gone["entry_type"] == "expire"][["entry_at", "points"]].values:
            lapsed = earned[earned["expires_at"] <= day]["points"].sum()
            taken = -gone[gone["entry_at"] < day]["points"].sum()
            assert -lost == lapsed - taken
        lapsed = earned[earned["expires_at"] < "2026-11-01"]["points"].sum()
        assert -gone["points"].sum() >= lapsed
        assert np.sum(entries["points"]) >= 0


def test_points_expire_and_terms_end_soon_after_any_night(planted: Sources) -> None:
    contracts = planted.table("contracts").drop_duplicates("contract_no", keep="last")
    running = contracts[contracts["cancelled_at"].isna()]
    assert running["ends_at"].between("2026-11-01", "2027-01-30").sum() > 100


def test_most_birthdays_of_contract_customers_are_greeted(planted: Sources) -> None:
    contacts = planted.table("contacts")
    greeted = contacts[contacts["touchpoint"] == "birthday"]
    born = greeted["account_no"].map(accounts_of(planted)["birth_date"])
    assert (born.str[5:10] == greeted["occurred_at"].str[5:10]).all()
    assert len(greeted) > 500
    assert (contacts["touchpoint"].isin(["vip_visit", "interview"])).sum() > 100
