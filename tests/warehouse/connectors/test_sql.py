"""Connector `sql` against a real PostgreSQL."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from tests.warehouse.landing.company import SmallCompany, rows_out

ACCOUNTS = """
create schema crm;
create table crm.accounts (
    account_no numeric(12, 0), full_name text, is_vip boolean, born date, mood smallint, limits numeric(10, 2),
    extra jsonb, token uuid, updated_at timestamptz
)
"""
MAPPING = {
    "from": "crm.accounts",
    "columns": {"customer_id": "account_no", "name": "full_name", "birth_date": "born"},
    "cursor": "updated_at",
}


def _execute(url: str, *statements: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def _account(number: int, updated_at: str) -> str:
    return (
        f"insert into crm.accounts values ({number}, 'Name {number}', true, '1980-01-31', 3, 12.50, '{{\"a\": [1]}}', "
        f"'00000000-0000-0000-0000-00000000000{number}', {updated_at})"
    )


def _configure(company: SmallCompany, **tables: Any) -> None:
    company.configure(crm={"connector": "sql", "connection": "crm_db", "tables": {"customers": MAPPING, **tables}})


def test_typed_columns_land_as_the_contract_has_them(company: SmallCompany, postgres_url: str) -> None:
    _execute(postgres_url, ACCOUNTS, _account(1, "'2024-01-01 10:00:00+02'"), _account(2, "null"))
    _configure(company)
    company.land("2024-01-02", crm_db=postgres_url.replace("postgresql://", "postgres://"))
    columns = "customer_id, name, is_vip, birth_date::varchar, updated_at::varchar"
    assert company.landed("crm.customers", columns) == [
        ("1", "Name 1", True, "1980-01-31", "2024-01-01 08:00:00"),
        ("2", "Name 2", True, "1980-01-31", None),
    ]
    attributes = json.loads(company.landed("crm.customers", "attributes")[0][0])
    assert attributes["mood"] == 3
    assert attributes["limits"] == 12.5
    assert attributes["token"] == "00000000-0000-0000-0000-000000000001"
    assert json.loads(attributes["extra"]) == {"a": [1]}


def test_only_new_rows_land_and_ties_are_kept(company: SmallCompany, postgres_url: str) -> None:
    _execute(
        postgres_url, ACCOUNTS, _account(1, "'2024-01-01 23:59:59.123456+00'"), _account(2, "'2024-01-02 00:00+00'")
    )
    _configure(company)
    assert rows_out(company.land("2024-01-02", crm_db=postgres_url)) == {"crm.customers": 1}
    _execute(postgres_url, _account(3, "'2024-01-01 23:59:59.123456+00'"))
    assert rows_out(company.land("2024-01-03", crm_db=postgres_url)) == {"crm.customers": 2}
    assert rows_out(company.land("2024-01-03", crm_db=postgres_url)) == {"crm.customers": 0}


def test_text_cursor_and_date_cursor_are_understood(company: SmallCompany, postgres_url: str) -> None:
    usage = {"from": "usage", "cursor": "usage_date"}
    notes = {"from": "notes", "cursor": "written"}
    _execute(
        postgres_url,
        ACCOUNTS,
        "create table usage (customer_id text, usage_date date)",
        "insert into usage values ('c1', '2024-01-01'), ('c1', '2024-01-02')",
        "create table notes (interaction_id text, occurred_at text, written text)",
        "insert into notes values ('n1', '2024-01-01', '2024-01-01T10:00:00Z'), ('n2', '2024-01-01', 'soon'), "
        "('n3', '2024-01-01', '2024-01-02T10:00:00Z')",
    )
    _configure(company, usage_daily=usage, interactions=notes)
    first = rows_out(company.land("2024-01-02", crm_db=postgres_url))
    second = rows_out(company.land("2024-01-03", crm_db=postgres_url))
    assert (first["crm.usage_daily"], first["crm.interactions"]) == (1, 2)
    assert (second["crm.usage_daily"], second["crm.interactions"]) == (1, 1)


def test_missing_table_is_switched_off_and_views_are_read(company: SmallCompany, postgres_url: str) -> None:
    _execute(postgres_url, ACCOUNTS, _account(1, "now()"), "create view people as select 'e1' as employee_id")
    _configure(company, employees={"from": "people"}, orders={"from": "crm.orders"})
    report = company.land("2024-01-02", crm_db=postgres_url)
    assert {count.table: count.status for count in report.tables}["crm.orders"] == "off"
    assert company.landed("crm.employees", "employee_id") == [("e1",)]
