"""A company that has given nothing yet still builds, and every unit test of the identity and fact models holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.dbt_project.small_lake import SmallLake

FACTS = ("fct_customer_timeline", "dim_customers", "identity_links", "identity_ledger", "row_accounts")


def test_a_company_without_any_row_builds_empty_tables_and_all_unit_tests_hold(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path)
    with lake.build(date(2026, 2, 1), *(f"+{model}" for model in FACTS), unit_tests=True) as warehouse:
        tables = warehouse.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
        rows = {table: warehouse.execute(f"select count(*) from marts.{table}").fetchone() for (table,) in tables}
        accounts = warehouse.execute("select count(*), sum(landed) from quality.row_accounts").fetchone()
    assert {"fct_orders", "fct_tickets", *FACTS[:4]} <= set(rows)
    assert set(rows.values()) == {(0,)}
    assert accounts == (15, 0)
