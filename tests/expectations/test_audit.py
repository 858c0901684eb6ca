"""The audit stage on a small warehouse: what is right passes, and each wrong is found by its own expectation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from expectations.published import audit, rules
from tests.expectations.landed_files import customer, land
from tests.expectations.published_warehouse import NIGHT, build_warehouse, publish_release
from warehouse.building.documentation import documented_tables
from warehouse.core.errors import AuditError
from warehouse.core.settings import Settings


@pytest.fixture(autouse=True)
def lake(settings: Settings) -> None:
    land(settings, "crm.customers", "2024-03-01", [customer(1), customer(1)])


def broken(settings: Settings) -> set[tuple[str, str]]:
    """(table, expectation) that did not hold in the last audit."""
    findings = json.loads((settings.validation / "results" / "published" / f"{NIGHT}.json").read_text("utf-8"))
    return {(one["table"], one["name"]) for one in findings if not one["success"]}


def test_a_right_warehouse_passes_and_a_table_that_lost_some_rows_is_warned_about(settings: Settings) -> None:
    build_warehouse(settings)
    publish_release(settings, "2024-02-29", orders=400)
    report = audit(settings, NIGHT)
    assert [note.split(":")[2].strip() for note in report.notes if "not_shrunk" in note] == ["not_shrunk_warn"]
    assert broken(settings) == {("marts.fct_orders", "not_shrunk_warn")}
    assert ("marts.dim_customers", 200, "ok") in {
        (table.table, table.rows_out, table.status) for table in report.tables
    }
    assert (settings.validation / "data_docs" / "published" / str(NIGHT) / "index.html").exists()


WRONGS = {
    (
        "marts.dim_customers",
        "one_current_version",
    ): "update marts.dim_customers set is_current = false where customer_id = 'C1'",
    ("marts.dim_customers", "key_unique"): "insert into marts.dim_customers select * replace (false as is_current) "
    "from marts.dim_customers where customer_id = 'C1'",
    ("marts.fct_tickets", "opened_at_not_null"): "update marts.fct_tickets set opened_at = null where ticket_id = 'C1'",
    ("marts.fct_orders", "customer_known"): "update marts.fct_orders set customer_key = 'nobody' where order_id = 'O1'",
    (
        "scores.churn",
        "churn_probability_in_range",
    ): "update scores.churn set churn_probability = 1.01 where customer_key = 'k99'",
    ("scores.churn", "risk_decile_in_range"): "update scores.churn set risk_decile = 0 where customer_key = 'k99'",
    ("marts.satisfaction_metrics", "as_of_is_the_night"): "update marts.satisfaction_metrics set as_of = '2024-02-29'",
    (
        "scores.satisfaction_drivers",
        "importance_share_in_range",
    ): "update scores.satisfaction_drivers set importance_share = -0.1",
    ("marts.retention_risk_list", "ranks_without_gap"): "delete from marts.retention_risk_list where list_rank = 4",
    (
        "marts.retention_risk_list",
        "ranked_by_profit",
    ): "update marts.retention_risk_list set expected_profit_cents = 600 where list_rank = 3",
    (
        "marts.retention_risk_list",
        "worth_the_contact",
    ): "update marts.retention_risk_list set expected_profit_cents = 0 where list_rank = 10",
    (
        "marts.retention_risk_list",
        "may_be_contacted",
    ): "update marts.dim_customers set is_contactable = false where customer_id = 'C7'",
    (
        "marts.retention_risk_list",
        "scored_tonight",
    ): "update marts.retention_risk_list set churn_probability = 0.4 where list_rank = 2",
    ("marts.customer_360", "every_customer_once"): "delete from marts.customer_360 where customer_id = 'C7'",
    (
        "quality.row_accounts",
        "accounts_balance",
    ): "update quality.row_accounts set used = 2 where table_name = 'customers'",
    (
        "quality.row_accounts",
        "accounts_are_the_lakes",
    ): "update quality.row_accounts set landed = 1, used = 1 where table_name = 'employees'",
}


def test_every_wrong_is_found_by_its_expectation(settings: Settings) -> None:
    build_warehouse(settings, *WRONGS.values())
    with pytest.raises(AuditError, match="readers keep the last release"):
        audit(settings, NIGHT)
    assert WRONGS.keys() - broken(settings) == set()


def test_a_single_wrong_is_named_with_what_was_found_and_a_later_release_is_no_measure(settings: Settings) -> None:
    wrong = ("quality.row_accounts", "accounts_balance")
    build_warehouse(settings, WRONGS[wrong])
    publish_release(settings, "2024-03-02", orders=10_000)
    with pytest.raises(
        AuditError, match=r"quality\.row_accounts: accounts_balance: expected accounts balance, found 1 row;"
    ):
        audit(settings, NIGHT)
    assert broken(settings) == {wrong}


def test_a_table_that_lost_most_rows_or_is_empty_though_its_source_has_rows_is_found(settings: Settings) -> None:
    used = "update quality.row_accounts set landed = 0, used = 5, superseded = -5 where table_name = 'tickets'"
    build_warehouse(settings, "delete from marts.fct_tickets", "delete from marts.fct_subscriptions", used)
    publish_release(settings, "2024-02-29", orders=601)
    with pytest.raises(AuditError, match=r"marts\.fct_orders: not_shrunk_fail: expected at least 301 rows; .* 601"):
        audit(settings, NIGHT)
    assert ("marts.fct_tickets", "not_empty") in broken(settings)
    assert ("marts.fct_subscriptions", "not_empty") not in broken(settings)


def test_a_missing_table_is_named(settings: Settings) -> None:
    build_warehouse(settings, "drop table scores.churn")
    with pytest.raises(AuditError, match=r"expected the table scores\.churn, found none"):
        audit(settings, NIGHT)


def test_without_a_warehouse_the_audit_says_what_to_run(settings: Settings) -> None:
    with pytest.raises(AuditError, match="run the stages build and decide"):
        audit(settings, NIGHT)


def test_a_table_without_a_tested_key_is_not_published(settings: Settings) -> None:
    build_warehouse(settings, "create table marts.unaudited as select 1 as number")
    with pytest.raises(AuditError, match=r"marts\.unaudited: expected a dbt model with a tested key, found none"):
        audit(settings, NIGHT)


def test_a_model_without_a_tested_key_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = {"name": "unaudited", "columns": [{"name": "number", "data_tests": ["not_null"]}]}
    (tmp_path / "models" / "marts").mkdir(parents=True)
    (tmp_path / "models" / "marts" / "unaudited.yml").write_text(yaml.safe_dump({"models": [model]}), "utf-8")
    monkeypatch.setattr(rules, "DBT_PROJECT", tmp_path)
    with pytest.raises(AuditError, match=r"marts\.unaudited: expected a tested key, found none; add the test unique"):
        rules.read_rules()


def test_every_column_of_a_rule_is_a_column_of_its_table() -> None:
    columns = {f"{table.schema}.{table.name}": table.column_names for table in documented_tables()}
    for table, found in rules.read_rules().items():
        assert {*found.key, *found.not_null} <= columns[table], table
        assert {*found.key_may_be_empty} <= {*found.key}, table
