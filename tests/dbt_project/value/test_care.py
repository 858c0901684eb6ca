"""Health, its backtest, the contact plan, next best actions and the daily 360, recomputed with pandas and loops."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from tests.dbt_project.value.company import NIGHT, Company, Row, seed, thresholds
from tests.dbt_project.value.conftest import LABELLED, PAST
from tests.dbt_project.value.test_lifecycle import customers, key_of, relations_of, stages_of
from tests.dbt_project.value.test_losses import own

RULES = thresholds("customer")
COMPONENTS = seed("customer/health_components.csv")
INDICATORS = seed("customer/health_indicators.csv")
CONTRACT_ONLY = {"usage_minutes_change_28d", "days_since_last_use", "tenure_days", "price_change_share_180d"}
PURCHASE_ONLY = {"recency_over_gap", "days_since_last_order"}


def indicator(row: Row, name: str) -> float | None:
    if name in CONTRACT_ONLY and not row["has_active_subscription"]:
        return None
    if name in PURCHASE_ONLY and row["has_active_subscription"]:
        return None
    if name == "revenue_change_90d":
        now, both = row.get("net_revenue_cents_90d"), row.get("net_revenue_cents_180d")
        return None if now is None or pd.isna(now) or not both else (2 * now - both) / both
    value = row.get(name)
    return None if value is None or pd.isna(value) else float(value)


def mean_of(pairs: list[tuple[float, float | None]]) -> float | None:
    known = [(weight, value) for weight, value in pairs if value is not None and weight > 0]
    return sum(weight * value for weight, value in known) / sum(weight for weight, _ in known) if known else None


def points_of(row: Row) -> dict[str, float] | None:
    """Exact points of each component: its score times its weight among the components with data."""
    scores = {}
    for component in COMPONENTS:
        pairs = []
        for rule in INDICATORS:
            value = indicator(row, rule["indicator"]) if rule["component"] == component["component"] else None
            share = (
                None if value is None else (value - rule["worst_value"]) / (rule["best_value"] - rule["worst_value"])
            )
            pairs.append((rule["weight"], None if share is None else 100 * min(max(share, 0), 1)))
        scores[component["component"]] = (component["weight"], mean_of(pairs))
    total = sum(weight for weight, score in scores.values() if score is not None)
    return (
        {name: weight / total * (score or 0) if score is not None else 0.0 for name, (weight, score) in scores.items()}
        if total
        else None
    )


def is_current_customer(row: Row) -> bool:
    left = row.get("cancelled_subscription_count")
    return bool(
        row["has_active_subscription"] or (row["has_ordered"] and not (0 if left is None or pd.isna(left) else left))
    )


@pytest.fixture(scope="module")
def health(warehouse: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return warehouse.execute("select * from marts.customer_health_daily order by customer_key, as_of").df()


def test_health_is_the_weighted_mean_of_the_known_components(
    warehouse: duckdb.DuckDBPyConnection, past: pd.DataFrame, health: pd.DataFrame
) -> None:
    tonight = warehouse.execute("select * from features.customer_features").df()
    days = timedelta(RULES["health_history_days"])
    rows = [*tonight.to_dict("records"), *past[past["as_of"] >= NIGHT - days].to_dict("records")]
    found = {(row.customer_key, row.as_of.date()): row for row in health.itertuples()}
    expected = {
        (row["customer_key"], pd.Timestamp(row["as_of"]).date()): points_of(row)
        for row in rows
        if is_current_customer(row)
    }
    expected = {key: points for key, points in expected.items() if points}
    assert set(found) == set(expected)
    for key, points in expected.items():
        assert abs(found[key].health_score - sum(points.values())) <= 0.5 + 1e-6
        for name, exact in points.items():
            assert abs(getattr(found[key], f"{name}_points") - exact) <= 1
    assert {day for _, day in found} == {NIGHT, *PAST[3:]}


def test_the_changes_of_the_components_add_up_to_the_change_of_the_score(health: pd.DataFrame) -> None:
    names = [component["component"] for component in COMPONENTS]
    assert (health[[f"{name}_points" for name in names]].sum(axis=1) == health["health_score"]).all()
    moved = health.dropna(subset=["score_change"])
    assert (moved[[f"{name}_change" for name in names]].sum(axis=1) == moved["score_change"]).all()
    before = health.groupby("customer_key")["health_score"].shift()
    pd.testing.assert_series_equal(health["previous_score"], before, check_names=False, check_dtype=False)
    best = health.assign(best=health.groupby("customer_key")["health_score"].shift())
    dropped = best["best"] - best["health_score"] >= RULES["health_drop_points"]
    assert (health["is_drop"] == dropped).all()
    assert len(moved) > 50


def test_the_backtest_counts_lost_customers_by_health_decile(
    warehouse: duckdb.DuckDBPyConnection, past: pd.DataFrame, labels: pd.DataFrame
) -> None:
    scored = []
    for row in past[past["as_of"].isin(LABELLED)].to_dict("records"):
        points = points_of(row) if is_current_customer(row) else None
        if points:
            scored.append(
                {"customer_key": row["customer_key"], "as_of": row["as_of"], "exact": round(sum(points.values()), 6)}
            )
    tested = pd.DataFrame(scored).merge(labels, on=["customer_key", "as_of"])
    tested["score"] = np.floor(tested["exact"] + 0.5)
    ranks = tested.groupby("as_of")["score"]
    tested["decile"] = 1 + (10 * (ranks.rank(method="min") - 1) // ranks.transform("size")).astype(int)
    expected = tested.groupby("decile")["is_churned"].agg(["size", "sum"]).astype(int)
    found = warehouse.execute(
        "select health_decile, sample_size, churned_count, churn_rate, interval_low, interval_high, auc, night_count "
        "from marts.health_backtest order by health_decile"
    ).df()
    assert (
        found[["health_decile", "sample_size", "churned_count"]].to_numpy().tolist()
        == expected.reset_index().to_numpy().tolist()
    )
    auc = roc_auc_score(tested["is_churned"], -tested["score"])
    assert found["auc"].unique() == pytest.approx([auc], abs=1e-6)
    for row in found.itertuples():
        z, n, share = 1.96, row.sample_size, row.churned_count / row.sample_size
        middle, half = share + z * z / 2 / n, z * np.sqrt(share * (1 - share) / n + z * z / 4 / n / n)
        low, high = (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
        assert (row.interval_low, row.interval_high) == pytest.approx((low, high), abs=1e-5)
    assert set(found["night_count"]) == {len(LABELLED)}


def anniversary(day: date) -> date:
    this_year = date(NIGHT.year, day.month, day.day)
    return this_year if this_year <= NIGHT else date(NIGHT.year - 1, day.month, day.day)


def trigger(company: Company, row: Row, began: date, first: date, name: str) -> date | None:
    if name in ("relation_began", "relation_interval"):
        return began
    if name == "birthday":
        return anniversary(row["birth_date"])
    if name == "anniversary":
        return anniversary(first) if first <= date(NIGHT.year - 1, NIGHT.month, NIGHT.day) else None
    tickets = [ticket for ticket in own(company, "ticket.tickets", row["customer_id"]) if ticket["is_complaint"]]
    return max((ticket["resolved_at"].date() for ticket in tickets if ticket["resolved_at"]), default=None)


def due_on(rule: Row, triggered: date | None) -> date | None:
    if triggered is None:
        return None
    due = triggered + timedelta(rule["offset_days"])
    if rule["trigger"] == "relation_interval":
        turns = (NIGHT - due).days // rule["interval_days"]
        due = due + timedelta(turns * rule["interval_days"]) if turns >= 1 else NIGHT + timedelta(1)
    return due if NIGHT - timedelta(rule["late_days"]) <= due <= NIGHT else None


def is_meant(rule: Row, row: Row, rank: int) -> bool:
    audience, value = rule["audience"], rule["audience_value"]
    meant = {"all": True, "vip": row["is_vip"], "segment": row["segment"] == value}
    return bool(meant.get(audience, audience == "tier" and rank >= (value or 0)))


def test_the_plan_has_due_contacts_and_those_fulfilled_by_interactions(
    warehouse: duckdb.DuckDBPyConnection, company: Company
) -> None:
    ranks = dict(warehouse.execute("select customer_key, tier_rank from marts.loyalty_tiers").fetchall())
    expected = {}
    for row in company.rows["crm.customers"]:
        customer = row["customer_id"]
        if stages_of(company, customer)[-1][1] in ("prospect", "lapsed"):
            continue
        relations = relations_of(company, customer)
        for rule in seed("decisions/contact_rules.csv"):
            due = due_on(rule, trigger(company, row, relations[-1][0], relations[0][0], rule["trigger"]))
            if due is None or not is_meant(rule, row, ranks[key_of(customer)]):
                continue
            fitting = [
                contact["occurred_at"].date()
                for contact in own(company, "crm.interactions", customer)
                if contact["touchpoint"] in rule["done_touchpoints"].split("|")
                and contact["occurred_at"].date() >= due - timedelta(rule["early_days"])
            ]
            state = "done" if fitting else "due" if due == NIGHT else "overdue"
            expected[key_of(customer), rule["rule_code"]] = (due, state, min(fitting, default=None))
    rows = warehouse.execute(
        "select customer_key, rule_code, due_on, state, done_on from marts.contact_plan"
    ).fetchall()
    assert {(key, rule): tuple(rest) for key, rule, *rest in rows} == expected
    assert {state for _, state, _ in expected.values()} >= {"done", "overdue"}


def test_no_customer_is_contacted_twice_or_too_soon(warehouse: duckdb.DuckDBPyConnection, company: Company) -> None:
    last: dict[str, date] = {}
    for customer in customers(company):
        contacts = [
            row["occurred_at"] for row in own(company, "crm.interactions", customer) if row["direction"] == "outbound"
        ]
        contacts += [row["contacted_at"] for row in own(company, "crm.interventions", customer)]
        if contacts:
            last[key_of(customer)] = max(contacts).date()
    open_rows = warehouse.execute(
        "select customer_key, is_contactable, rule_code, is_contact_tonight from marts.contact_plan "
        "where state <> 'done'"
    ).fetchall()
    priority = {rule["rule_code"]: rule["priority"] for rule in seed("decisions/contact_rules.csv")}
    for key, may, rule, tonight in open_rows:
        first = min((priority[other] for owner, _, other, _ in open_rows if owner == key)) == priority[rule]
        rested = key not in last or (NIGHT - last[key]).days >= RULES["contact_fatigue_days"]
        assert tonight == (may and first and rested)
    assert any(row[3] for row in open_rows)


def test_actions_follow_the_signals_of_current_customers(
    warehouse: duckdb.DuckDBPyConnection, company: Company, scores: pd.DataFrame
) -> None:
    features = warehouse.execute("select * from features.customer_features").df().set_index("customer_key")
    features["churn_probability"] = dict(
        zip(scores["customer_id"].map(key_of), scores["churn_probability"], strict=True)
    )
    expected: dict[str, list[str]] = {}
    known = set(features.columns)
    scenarios = [line for line in seed("decisions/playbook_scenarios.csv") if line["signal"] in known]
    for customer in customers(company):
        row = features.loc[key_of(customer)]
        if stages_of(company, customer)[-1][1] in ("prospect", "lapsed"):
            continue
        for line in sorted(scenarios, key=lambda line: line["priority"]):
            value, low, high = row[line["signal"]], line["min_value"], line["max_value"]
            fits = pd.notna(value) and (low is None or value >= low) and (high is None or value <= high)
            if fits and row["expected_value_cents"] >= line["min_customer_value_cents"]:
                actions = expected.setdefault(key_of(customer), [])
                actions += [line["action_code"]] if line["action_code"] not in actions else []
    rows = warehouse.execute(
        "select customer_key, action_code, signal from marts.next_best_actions order by customer_key, action_rank"
    ).fetchall()
    found: dict[str, list[str]] = {}
    for key, action, signal in rows:
        if signal in known:
            found.setdefault(key, []).append(action)
    assert sum(map(len, found.values())) > 40
    for key in expected.keys() | found.keys():
        wanted = [
            action for action in expected.get(key, []) if action in found.get(key, []) or len(found.get(key, [])) < 5
        ]
        assert found.get(key, []) == wanted[: len(found.get(key, []))]
    assert set(expected) >= set(found)


def test_the_daily_360_has_tonight_and_recently_published_nights(warehouse: duckdb.DuckDBPyConnection) -> None:
    earlier = warehouse.execute(
        f"select customer_key, as_of, health_score from marts.customer_360_daily where as_of < date '{NIGHT}'"
    ).fetchall()
    assert earlier == [("k001", NIGHT - timedelta(1), 41)]
    names = [row[0] for row in warehouse.execute("describe marts.customer_360_daily").fetchall()]
    columns = ", ".join(names)
    difference = warehouse.execute(
        f"(select {columns} from marts.customer_360_daily where as_of = date '{NIGHT}' "
        f"except select {columns} from marts.customer_360) "
        f"union all (select {columns} from marts.customer_360 except select {columns} from marts.customer_360_daily)"
    ).fetchall()
    assert difference == []
