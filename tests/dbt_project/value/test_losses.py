"""Causes of losses, the win-back list and renewals, recomputed from the landed rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import duckdb
import pandas as pd
import pytest

from tests.dbt_project.value.company import NIGHT, Company, Row, seed, thresholds
from tests.dbt_project.value.test_lifecycle import (
    contracts_of,
    customers,
    key_of,
    purchase_days,
    relations_of,
    stages_of,
)

RULES = thresholds("value")
KEYWORDS = seed("value/loss_keywords.csv")
EVIDENCE = {line["evidence_code"]: line for line in seed("value/loss_evidence.csv")}
STAGES = {(line["cause"], line["attempt_number"]): line for line in seed("value/winback_stages.csv")}
ORDER = [line["cause"] for line in seed("value/loss_causes.csv")]
#: Defaults of dbt_project.yml.
CONTACT, MARGIN, MONTHS = 500, 0.4, 12


def own(company: Company, table: str, customer: str) -> list[Row]:
    return [row for row in company.rows[table] if row["customer_id"] == customer]


def named(text: str | None) -> set[str]:
    return {line["cause"] for line in KEYWORDS if text and line["keyword"] in text.lower()}


def latest_contracts(company: Company, customer: str) -> list[Row]:
    return list({row["subscription_id"]: row for row in own(company, "crm.subscriptions", customer)}.values())


def evidence_of(company: Company, customer: str, lost: date) -> set[str]:
    begin = lost - timedelta(RULES["attribution_window_days"])
    within = lambda moment: moment is not None and begin <= moment.date() <= lost  # noqa: E731
    ended = [row for row in latest_contracts(company, customer) if row.get("cancelled_at")]
    found = {
        f"stated_{cause}"
        for row in ended
        if row["cancelled_at"].date() == lost
        for cause in named(row["cancel_reason"])
    }
    answers = [row for row in own(company, "survey.responses", customer) if within(row["responded_at"])]
    found |= {f"said_{cause}" for row in answers if row["csat"] <= 3 for cause in named(row["comment"])}
    if answers and max(answers, key=lambda row: (row["responded_at"], row["response_id"]))["csat"] <= 2:
        found.add("low_csat")
    tickets = [row for row in own(company, "ticket.tickets", customer) if within(row["opened_at"])]
    found |= {"complaint" for row in tickets if row["is_complaint"]}
    found |= {"unsolved_ticket" for row in tickets if row["resolved_at"] is None or row["resolved_at"].date() > lost}
    is_troubled = bool(found & {"complaint", "unsolved_ticket"})
    late = [
        row for row in own(company, "crm.orders", customer) if row["amount_cents"] > 0 and within(row["delivered_at"])
    ]
    found |= {"late_delivery" for row in late if row["delivered_at"] > row["promised_at"]}
    rises = [row for row in own(company, "crm.subscriptions", customer) if row["monthly_price_cents"] % 100]
    rises += [row for row in own(company, "crm.subscriptions", customer) if row["monthly_price_cents"] in RAISED]
    first = [row["updated_at"] for row in rises if row.get("cancelled_at") is None]
    found |= {"price_rise" for moment in first if within(moment)}
    stages = stages_of(company, customer)
    before = [stage for day, stage in stages if day < lost]
    if before and before[-1] == "declining" and not is_troubled:
        found.add("faded_quietly")
    return found


RAISED = {1500 * 1.1, 4000 * 1.1, 12000 * 1.1}


def attributed(codes: set[str]) -> tuple[str, float]:
    weights: dict[str, float] = {}
    for code in codes:
        weights[EVIDENCE[code]["cause"]] = weights.get(EVIDENCE[code]["cause"], 0) + EVIDENCE[code]["weight"]
    if not weights:
        return "unknown", 0.0
    cause = max(weights, key=lambda name: (weights[name], -ORDER.index(name)))
    return cause, weights[cause] / (sum(weights.values()) + 1)


def losses(company: Company) -> list[tuple[str, date]]:
    return [(customer, lost) for customer in customers(company) for _, lost in relations_of(company, customer) if lost]


def test_each_loss_has_the_cause_with_the_most_evidence(warehouse: duckdb.DuckDBPyConnection, company: Company) -> None:
    rows = warehouse.execute(
        "select customer_key, lost_at, cause, confidence, evidence_count from marts.churn_attribution"
    ).fetchall()
    found = {(key, lost): (cause, count, confidence) for key, lost, cause, confidence, count in rows}
    expected = {}
    for customer, lost in losses(company):
        codes = evidence_of(company, customer, lost)
        cause, confidence = attributed(codes)
        expected[key_of(customer), lost] = (cause, len(codes), pytest.approx(confidence, abs=1e-6))
    assert found == expected
    assert {cause for cause, _, _ in found.values()} == {"structural", "competitive", "service", "unknown"}


def lost_value(company: Company, customer: str, lost: date) -> float:
    if contracts_of(company, customer):
        ended = [row for row in latest_contracts(company, customer) if row.get("cancelled_at")]
        monthly = sum(row["monthly_price_cents"] for row in ended if row["cancelled_at"].date() == lost)
        return float(monthly * MONTHS * MARGIN)
    last = max(day for day in purchase_days(company, customer) if day < lost)
    rows = own(company, "crm.orders", customer)
    return float(sum(row["amount_cents"] for row in rows if row["ordered_at"].date() > last - timedelta(365)) * MARGIN)


def attempts_of(company: Company, customer: str, lost: date) -> list[date]:
    contacts = [
        row["occurred_at"] for row in own(company, "crm.interactions", customer) if row["touchpoint"] == "winback"
    ]
    contacts += [row["contacted_at"] for row in own(company, "crm.interventions", customer)]
    return sorted(moment.date() for moment in contacts if moment.date() > lost)


def expected_winback(company: Company) -> dict[str, tuple[Any, ...]]:
    listed = {}
    for row in company.rows["crm.customers"]:
        customer = row["customer_id"]
        relations = relations_of(company, customer)
        lost = relations[-1][1] if relations else None
        attempts = attempts_of(company, customer, lost) if lost else []
        too_late = lost is None or lost < NIGHT - timedelta(RULES["winback_days"])
        if too_late or not row["is_contactable"] or len(attempts) >= RULES["winback_attempts"]:
            continue
        cause, _ = attributed(evidence_of(company, customer, lost))
        stage = STAGES[cause, len(attempts) + 1]
        profit = lost_value(company, customer, lost) * stage["success_share"] - stage["cost_cents"] - CONTACT
        rest = lost + timedelta(RULES["winback_trust_days"]) if cause == "service" else lost
        rest = attempts[-1] + timedelta(RULES["winback_rest_days"]) if attempts else rest
        if profit > 0:
            listed[key_of(customer)] = (
                stage["stage"],
                len(attempts),
                max(rest, NIGHT),
                pytest.approx(profit, abs=1e-5),
            )
    return listed


def test_winback_depends_on_cause_attempts_and_profit(warehouse: duckdb.DuckDBPyConnection, company: Company) -> None:
    rows = warehouse.execute(
        "select customer_key, stage, attempt_count, contact_on, expected_profit_cents from marts.winback_list "
        "order by list_rank"
    ).fetchall()
    expected = expected_winback(company)
    assert {key: tuple(rest) for key, *rest in rows} == expected
    assert [row[4] for row in rows] == sorted((row[4] for row in rows), reverse=True)
    assert any(row[2] > 0 for row in rows)
    assert len({row[1] for row in rows}) > 1


def test_renewals_are_contracts_whose_term_ends_within_ninety_days(
    warehouse: duckdb.DuckDBPyConnection, company: Company, scores: pd.DataFrame
) -> None:
    likely = dict(zip(scores["customer_id"], scores["churn_probability"], strict=True))
    owners = {row["customer_id"]: row["owner_id"] for row in company.rows["crm.customers"]}
    expected = {}
    for customer in customers(company):
        for row in latest_contracts(company, customer):
            days = (row["ends_at"].date() - NIGHT).days
            if row.get("cancelled_at") is None and 0 <= days <= 90:
                value = row["monthly_price_cents"] * MONTHS * MARGIN
                risk = "high" if likely[customer] >= 0.3 else "medium" if likely[customer] >= 0.1 else "low"
                owned = owners[customer] != "e3"
                at_risk = pytest.approx(likely[customer] * value, abs=1e-5)
                expected[row["subscription_id"]] = (days, risk, at_risk, owned)
    rows = warehouse.execute(
        "select subscription_id, days_to_end, risk, value_at_risk_cents, is_account_owner, owner_id "
        "from marts.renewals_due"
    ).fetchall()
    assert {row[0]: tuple(row[1:5]) for row in rows} == expected
    assert {row[5] for row in rows if not row[4]} <= {"e0", "e1"}
    assert all(row[5] for row in rows)
