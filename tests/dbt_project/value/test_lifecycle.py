"""Relations, losses and lifecycle stages, recomputed with loops over the landed rows."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import pandas as pd
import pytest

from tests.dbt_project.value.company import NIGHT, Company, thresholds

RULES = thresholds("value")
#: Values of dbt_project.yml.
LIFECYCLE_MONTHS = 13
Relation = tuple[date, date | None]


def key_of(customer: str) -> str:
    return str(duckdb.execute("select md5(?)", [customer]).fetchall()[0][0])


def contracts_of(company: Company, customer: str) -> list[tuple[date, date | None]]:
    latest: dict[str, dict[str, object]] = {}
    for row in company.rows["crm.subscriptions"]:
        if row["customer_id"] == customer:
            latest[row["subscription_id"]] = row
    ends = [(row["started_at"], row.get("cancelled_at")) for row in latest.values()]
    return sorted((began.date(), gone.date() if gone else None) for began, gone in ends)  # type: ignore[attr-defined]


def purchase_days(company: Company, customer: str) -> list[date]:
    orders = company.rows["crm.orders"]
    return sorted(
        {row["ordered_at"].date() for row in orders if row["customer_id"] == customer and row["amount_cents"] > 0}
    )


def relations_of(company: Company, customer: str) -> list[Relation]:
    """Start and end of each relation, from the contracts or purchases in order."""
    contracts = contracts_of(company, customer)
    lapse, gap = timedelta(RULES["lapse_days"]), timedelta(RULES["contract_gap_days"])
    periods = contracts or [(day, day + lapse) for day in purchase_days(company, customer)]
    reach = gap if contracts else timedelta(0)
    found: list[list[date | None]] = []
    for began, ended in periods:
        last = found[-1] if found else None
        if last and (last[1] is None or began <= last[1] + reach):
            last[1] = None if last[1] is None or ended is None else max(last[1], ended)
        else:
            found.append([began, ended])
    return [(began, ended if ended and ended < NIGHT else None) for began, ended in found if began]


def customers(company: Company) -> list[str]:
    return [row["customer_id"] for row in company.rows["crm.customers"]]


def test_relations_and_losses_follow_from_contracts_and_purchases(
    warehouse: duckdb.DuckDBPyConnection, company: Company
) -> None:
    expected = {
        (key_of(customer), began, ended)
        for customer in customers(company)
        for began, ended in relations_of(company, customer)
    }
    found = warehouse.execute(
        "select customer_key, began_on, lost_on from intermediate.int_value__relations"
    ).fetchall()
    assert set(found) == expected
    losses = warehouse.execute("select customer_key, lost_at from intermediate.int_value__losses").fetchall()
    assert sorted(losses) == sorted((key, ended) for key, _, ended in expected if ended)
    assert len(losses) > 20


def month(day: date, shift: int = 0) -> date:
    number = day.year * 12 + day.month - 1 + shift
    return date(number // 12, number % 12 + 1, 1)


def activity(company: Company, customer: str) -> dict[date, float]:
    months: dict[date, float] = {}
    if contracts_of(company, customer):
        for row in company.rows["crm.usage_daily"]:
            if row["customer_id"] == customer:
                months[month(row["usage_date"])] = months.get(month(row["usage_date"]), 0) + row["minutes"]
    else:
        for row in company.rows["crm.orders"]:
            if row["customer_id"] == customer:
                start = month(row["ordered_at"].date())
                months[start] = months.get(start, 0) + row["amount_cents"]
    return months


def judged(months: dict[date, float], began: date, on: date) -> str:
    """Compares three months with the three before; activity more than six months before the first check is ignored."""
    oldest = month(NIGHT, -LIFECYCLE_MONTHS - 6)
    active = [start for start, value in months.items() if value > 0 and oldest <= start < on]
    now = sum(months.get(month(on, -back), 0) for back in (1, 2, 3))
    before = sum(months.get(month(on, -back), 0) for back in (4, 5, 6))
    if not active:
        return "mature"
    if month(max(active), int(RULES["quiet_months"])) < on:
        return "declining"
    if began > month(on, -6):
        return "growing"
    if now >= before * (1 + RULES["growth_share"]):
        return "growing"
    return "declining" if now <= before * (1 - RULES["decline_share"]) else "mature"


def stages_of(company: Company, customer: str) -> list[tuple[date, str]]:
    created = next(row for row in company.rows["crm.customers"] if row["customer_id"] == customer)["created_at"].date()
    relations = relations_of(company, customer)
    marks = {created: "prospect"} if not relations or created < relations[0][0] else {}
    months = activity(company, customer)
    for number, (began, lost) in enumerate(relations):
        until = lost or NIGHT
        settled = began + timedelta(RULES["new_customer_days"] if number == 0 else RULES["won_back_days"])
        if settled < until:
            marks[settled] = "growing"
        first = month(NIGHT, -LIFECYCLE_MONTHS)
        checks = [month(first, shift) for shift in range(LIFECYCLE_MONTHS + 1)]
        marks |= {day: judged(months, began, day) for day in checks if settled <= day < until}
        marks[began] = "new" if number == 0 else "won_back"
        if lost:
            marks[lost] = "lapsed"
    stages: list[tuple[date, str]] = []
    for day, stage in sorted(marks.items()):
        if not stages or stages[-1][1] != stage:
            stages.append((day, stage))
    return stages


def test_every_transition_has_its_day(warehouse: duckdb.DuckDBPyConnection, company: Company) -> None:
    found = warehouse.execute(
        "select customer_key, entered_on, stage from intermediate.int_value__lifecycle_transitions order by all"
    ).fetchall()
    expected = sorted(
        (key_of(customer), *stage) for customer in customers(company) for stage in stages_of(company, customer)
    )
    assert found == expected


def test_the_published_stage_is_the_last_one(warehouse: duckdb.DuckDBPyConnection, company: Company) -> None:
    found = warehouse.execute(
        "select customer_key, stage, stage_since, days_in_stage from marts.customer_lifecycle"
    ).df()
    last = {key_of(customer): stages_of(company, customer)[-1] for customer in customers(company)}
    expected = pd.DataFrame(
        [(key, stage, pd.Timestamp(day), (NIGHT - day).days) for key, (day, stage) in last.items()],
        columns=found.columns,
    )
    pd.testing.assert_frame_equal(
        found.sort_values("customer_key", ignore_index=True),
        expected.sort_values("customer_key", ignore_index=True),
        check_dtype=False,
    )
    assert set(found["stage"]) == {"prospect", "new", "growing", "mature", "declining", "lapsed", "won_back"}


def test_rfm_scores_are_quintiles_of_the_customers(warehouse: duckdb.DuckDBPyConnection, company: Company) -> None:
    orders = pd.DataFrame(company.rows["crm.orders"])
    orders["day"] = orders["ordered_at"].dt.date
    orders["is_bought"] = orders["amount_cents"] > 0
    recent = orders[orders["day"] >= NIGHT - timedelta(365)]
    bought = orders[orders["is_bought"]].groupby("customer_id")["day"].max()
    frequency = (
        recent[recent["is_bought"]].groupby("customer_id")["order_id"].nunique().reindex(bought.index, fill_value=0)
    )
    money = recent.groupby("customer_id")["amount_cents"].sum().reindex(bought.index, fill_value=0.0)
    scored = pd.DataFrame(
        {"recency_score": bought.map(date.toordinal), "frequency_score": frequency, "monetary_score": money}
    )
    fifths = scored.apply(lambda column: 1 + (5 * (column.rank(method="min") - 1) // len(column))).astype(int)
    fifths["customer_key"] = [key_of(customer) for customer in fifths.index]
    found = warehouse.execute(
        "select customer_key, recency_score, frequency_score, monetary_score from marts.customer_rfm"
    ).df()
    assert sorted(found.itertuples(index=False, name=None)) == sorted(
        fifths[list(found.columns)].itertuples(index=False, name=None)
    )
    assert found["recency_score"].max() == pytest.approx(5)
