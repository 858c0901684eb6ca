"""OneID and the row accounts on a small lake with every case that joins, or must not join, two records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pytest

from tests.dbt_project.small_lake import SmallLake

NIGHT = date(2026, 2, 1)
CHAIN = 60
SWITCHBOARD = [f"office{n}" for n in range(6)]
FAMILY = [f"family{n}" for n in range(5)]


def customer(customer_id: str, day: int = 0, **columns: Any) -> dict[str, Any]:
    recorded = datetime(2025, 1, 1) + timedelta(days=day)
    return {"customer_id": customer_id, "created_at": recorded, "updated_at": recorded} | columns


def chain() -> list[dict[str, Any]]:
    """Each record shares an identifier with the next, by e-mail and phone in turn; the oldest is the last one."""
    rows = []
    for n in range(CHAIN):
        email, phone = f"Chain{(n + 1) // 2}@Example.org ", f"+1 202 555 {1000 + n // 2}"
        rows.append(customer(f"chain{n:02}", CHAIN - n, email=email, phone=phone))
    return rows


def land_versions(lake: SmallLake) -> None:
    """An employee exported twice, then changed; an order line whose older version arrives after the newer."""
    first, second = datetime(2026, 1, 1), datetime(2026, 1, 2)
    staff = [
        {"employee_id": "e", "team": team, "updated_at": at} for team, at in [("a", first), ("a", first), ("b", second)]
    ]
    lake.land("crm.employees", NIGHT, staff)
    line = {"order_id": "o", "line_id": "1", "customer_id": "kept", "ordered_at": first}
    lake.land("crm.orders", NIGHT - timedelta(days=1), [line | {"status": "delivered", "updated_at": second}])
    lake.land("crm.orders", NIGHT, [line | {"status": "placed", "updated_at": first}])


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    lake = SmallLake(tmp_path_factory.mktemp("identity"))
    offices = [customer(name, phone="030 5550 100") for name in SWITCHBOARD]
    families = [customer(name, phone="+49 (0)30 5550-200") for name in FAMILY]
    merged = [customer("kept", 1), customer("gone", 2, merged_into_id="kept")]
    lake.land("crm.customers", NIGHT, chain() + offices + families + merged)
    lake.land("crm.customers", NIGHT + timedelta(days=1), [customer("late", social_handle="@Poster")])
    versions = [{"ticket_id": "t", "opened_at": datetime(2026, 1, 1), "status": status} for status in ("new", "open")]
    others = [
        {"ticket_id": name, "phone": phone, "opened_at": datetime(2026, 1, 2)}
        for name, phone in [("held", None), ("freed", None), ("caller", "0049 30 5550200"), ("any", "0305550100")]
    ]
    lake.land("ticket.tickets", NIGHT, versions + others)
    lake.quarantine("ticket.tickets", NIGHT, 3, ["late_answer", "orphan"], released=NIGHT + timedelta(days=1))
    lake.quarantine("ticket.tickets", NIGHT, 4, ["late_answer"], released=NIGHT)
    land_versions(lake)
    with lake.build(NIGHT, "+dim_customers", "+identity_ledger", "+fct_tickets", "+row_accounts") as reader:
        yield reader


def keys(warehouse: duckdb.DuckDBPyConnection, pattern: str) -> set[str]:
    found = warehouse.execute(
        "select customer_key from intermediate.int_identity__customer_keys where customer_id like ?", [pattern]
    ).fetchall()
    return {key for (key,) in found}


def test_a_long_chain_of_shared_identifiers_is_one_person_named_after_the_oldest_record(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    oldest = warehouse.execute("select md5(?)", [f"chain{CHAIN - 1:02}"]).fetchone()
    assert oldest is not None
    assert keys(warehouse, "chain%") == {oldest[0]}


def test_a_number_of_more_customers_than_the_cap_joins_nobody_and_the_ledger_says_so(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    assert len(keys(warehouse, "office%")) == len(SWITCHBOARD)
    decisions = warehouse.execute(
        "select distinct decision, sharing_count from marts.identity_ledger where customer_id like 'office%'"
    ).fetchall()
    assert decisions == [("refused", len(SWITCHBOARD))]


def test_a_number_of_as_many_customers_as_the_cap_joins_them(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert len(keys(warehouse, "family%")) == 1


def test_an_explicit_merge_joins_and_the_record_kept_speaks_for_the_person(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    (key,) = keys(warehouse, "kept") | keys(warehouse, "gone")
    current = warehouse.execute(
        "select customer_id, source_record_count from marts.dim_customers where customer_key = ? and is_current", [key]
    ).fetchall()
    assert current == [("kept", 2)]
    rule = warehouse.execute(
        "select rule, linked_customer_id, decision from marts.identity_ledger where customer_id = 'gone'"
    ).fetchall()
    assert rule == [("explicit_merge", "kept", "joined")]


def test_the_ledger_shows_no_identifier_in_clear(warehouse: duckdb.DuckDBPyConnection) -> None:
    shown = str(warehouse.execute("select * from marts.identity_ledger").fetchall()).lower()
    assert "@" not in shown
    assert "305550" not in shown


def test_a_ticket_finds_its_customer_by_telephone_unless_too_many_share_it(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found = dict(warehouse.execute("select ticket_id, customer_key from marts.fct_tickets").fetchall())
    (family,) = keys(warehouse, "family%")
    assert found["caller"] == family
    assert found["any"] is None


def test_rows_of_later_nights_are_not_seen(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert keys(warehouse, "late") == set()


def test_a_row_is_out_of_the_flow_until_the_night_that_releases_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    tickets = {row[0] for row in warehouse.execute("select ticket_id from marts.fct_tickets").fetchall()}
    assert tickets == {"t", "freed", "caller", "any"}


def test_row_accounts_count_every_landed_row_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    accounts = {
        row[0]: row[1:]
        for row in warehouse.execute(
            "select table_name, landed, used, quarantined, superseded from quality.row_accounts where landed > 0"
        ).fetchall()
    }
    people = CHAIN + len(SWITCHBOARD) + len(FAMILY) + 2
    assert accounts == {
        "customers": (people, people, 0, 0),
        "employees": (3, 2, 0, 1),
        "orders": (2, 1, 0, 1),
        "tickets": (6, 4, 1, 1),
    }


def test_the_latest_version_of_a_ticket_counts(warehouse: duckdb.DuckDBPyConnection) -> None:
    status = warehouse.execute("select status from marts.fct_tickets where ticket_id = 't'").fetchone()
    assert status == ("open",)


def test_versions_of_an_employee_are_kept_and_repetitions_are_not(warehouse: duckdb.DuckDBPyConnection) -> None:
    versions = warehouse.execute("select team from staging.stg_crm__employees order by updated_at").fetchall()
    assert versions == [("a",), ("b",)]


def test_an_older_version_that_arrives_late_does_not_replace_the_newer(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert warehouse.execute("select status from staging.stg_crm__orders").fetchall() == [("delivered",)]
