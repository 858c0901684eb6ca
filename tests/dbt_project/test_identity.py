"""OneID and the row accounts on a small lake with every case in which two records must, or must not, be joined."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pytest

from tests.dbt_project.small_lake import SmallLake
from warehouse.core.settings import PROJECT

NIGHT = date(2026, 2, 1)
#: An earlier night: its ledger entries must be equal whether built on that night or at NIGHT.
EARLIER = date(2025, 3, 1)
CHAIN = 1_000
SWITCHBOARD = [f"office{n}" for n in range(6)]
FAMILY = [f"family{n}" for n in range(5)]
START = datetime(2025, 1, 1)


def customer(customer_id: str, day: float = 0, **columns: Any) -> dict[str, Any]:
    recorded = START + timedelta(days=day)
    return {"customer_id": customer_id, "created_at": recorded, "updated_at": recorded} | columns


def changed(version: dict[str, Any], day: float, **columns: Any) -> dict[str, Any]:
    return version | {"updated_at": START + timedelta(days=day)} | columns


def chain() -> list[dict[str, Any]]:
    """Each record shares an identifier with the next, alternating e-mail and phone; the last record is the oldest."""
    rows = []
    for n in range(CHAIN):
        email, phone = f"Chain{(n + 1) // 2}@Example.org ", f"+1 202 555 {1000 + n // 2}"
        rows.append(customer(f"chain{n:04}", (CHAIN - n) / 24, email=email, phone=phone))
    return rows


def histories() -> list[dict[str, Any]]:
    """Records that change, join and split; each version lands on the night after it was written."""
    before = customer("before", 1, phone="0170 5550 300", name="Ann Old", birth_date=date(1980, 1, 1))
    after = customer("after", 40, phone="0170 5550 300", name="Bea New", birth_date=date(1990, 1, 1))
    mover = customer("mover", 2, email="old@example.org", name="Cat Move")
    again = customer("again", 45, email="old@example.org", name="Cat Move")
    spouses = [customer(f"spouse{n}", 3 + n, phone="030 5550 400", birth_date=date(1970 + n, 1, 1)) for n in range(2)]
    target = customer("target", 5, email="both@example.org")
    merged = customer("merged", 6, email="both@example.org", merged_into_id="target")
    elder, younger = customer("elder", 7, email="elder@example.org"), customer("younger", 8, email="young@example.org")
    return [
        *[before, changed(before, 30, phone=None), after],
        *[mover, changed(mover, 20, email="new@example.org"), again],
        *spouses,
        *[target, merged, changed(merged, 50, merged_into_id=None)],
        *[elder, younger, changed(elder, 60, email="young@example.org")],
    ]


def land_histories(lake: SmallLake) -> None:
    nights: dict[date, list[dict[str, Any]]] = {}
    for version in histories():
        nights.setdefault(version["updated_at"].date() + timedelta(days=1), []).append(version)
    for night, versions in nights.items():
        lake.land("crm.customers", night, versions)


def ledger_of(reader: duckdb.DuckDBPyConnection) -> list[Any]:
    return reader.execute(
        f"select * from marts.identity_ledger where event_date <= date '{EARLIER}' order by event_id"
    ).fetchall()


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
def lake(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    lake = SmallLake(tmp_path_factory.mktemp("identity"))
    offices = [customer(name, phone="030 5550 100") for name in SWITCHBOARD]
    families = [customer(name, phone="+49 (0)30 5550-200") for name in FAMILY]
    merged = [customer("kept", 1), customer("gone", 2, merged_into_id="kept")]
    lake.land("crm.customers", NIGHT, chain() + offices + families + merged)
    land_histories(lake)
    lake.land("crm.customers", NIGHT + timedelta(days=1), [customer("late", social_handle="@Poster")])
    versions = [{"ticket_id": "t", "opened_at": datetime(2026, 1, 1), "status": status} for status in ("new", "open")]
    calls = [
        ("quarantined", None),
        ("freed", None),
        ("caller", "0049 30 5550200"),
        ("any", "0305550100"),
        ("now", "01705550300"),
    ]
    others = [{"ticket_id": name, "phone": phone, "opened_at": datetime(2026, 1, 2)} for name, phone in calls]
    others += [{"ticket_id": "then", "phone": "01705550300", "opened_at": datetime(2025, 1, 20)}]
    lake.land("ticket.tickets", NIGHT, versions + others)
    lake.quarantine("ticket.tickets", NIGHT, 3, ["late_answer", "orphan"], released=NIGHT + timedelta(days=1))
    lake.quarantine("ticket.tickets", NIGHT, 4, ["late_answer"], released=NIGHT)
    land_versions(lake)
    return lake


@pytest.fixture(scope="module")
def earlier_ledger(lake: SmallLake) -> list[Any]:
    with lake.build(EARLIER, "+identity_ledger") as reader:
        return ledger_of(reader)


@pytest.fixture(scope="module")
def warehouse(lake: SmallLake, earlier_ledger: list[Any]) -> Iterator[duckdb.DuckDBPyConnection]:
    assert earlier_ledger
    with lake.build(
        NIGHT, "+dim_customers", "+identity_ledger", "+identity_links", "+fct_tickets", "+row_accounts"
    ) as reader:
        yield reader


def keys(warehouse: duckdb.DuckDBPyConnection, pattern: str) -> set[str]:
    found = warehouse.execute(
        "select customer_key from intermediate.int_identity__customer_keys where customer_id like ?", [pattern]
    ).fetchall()
    return {key for (key,) in found}


def events(warehouse: duckdb.DuckDBPyConnection, pattern: str) -> list[tuple[str, str]]:
    return warehouse.execute(
        "select event, because from marts.identity_ledger where customer_id like ? order by event_date, event",
        [pattern],
    ).fetchall()


def why(warehouse: duckdb.DuckDBPyConnection, one: str, other: str) -> list[Any]:
    query = (PROJECT / "docs/questions/12_why_one_customer.sql").read_text(encoding="utf-8")
    asked, rest = query.split("\nlinks as (")
    assert "one_customer_id" in asked
    pair = f"with recursive asked as (select '{one}' as one_customer_id, '{other}' as other_customer_id),\n"
    return [row[:4] for row in warehouse.execute(f"{pair}links as ({rest}").fetchall()]


def test_a_long_chain_of_shared_identifiers_is_one_person_named_after_the_oldest_record(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    oldest = warehouse.execute("select md5(?)", [f"chain{CHAIN - 1:04}"]).fetchone()
    assert oldest is not None
    assert keys(warehouse, "chain%") == {oldest[0]}


def test_a_number_shared_by_more_customers_than_the_cap_joins_none_and_is_in_the_ledger(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    assert len(keys(warehouse, "office%")) == len(SWITCHBOARD)
    decisions = warehouse.execute(
        "select decision, sharing_count, count(*) from marts.identity_links where customer_id like 'office%' "
        "and identifier_type = 'phone' group by all"
    ).fetchall()
    assert decisions == [("too_many", len(SWITCHBOARD), len(SWITCHBOARD))]
    assert set(events(warehouse, "office%")) == {("created", "new_record"), ("refused", "too_many")}


def test_a_number_shared_by_as_many_customers_as_the_cap_joins_them(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert len(keys(warehouse, "family%")) == 1


def test_an_explicit_merge_joins_and_the_kept_record_represents_the_person(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    (key,) = keys(warehouse, "kept") | keys(warehouse, "gone")
    current = warehouse.execute(
        "select customer_id, source_record_count from marts.dim_customers where customer_key = ? and is_current", [key]
    ).fetchall()
    assert current == [("kept", 2)]
    rule = warehouse.execute(
        "select because, linked_customer_id from marts.identity_ledger where customer_id = 'gone' and event = 'joined'"
    ).fetchall()
    assert rule == [("explicit_merge", "kept")]


def test_people_are_the_connected_components_of_the_joined_links(warehouse: duckdb.DuckDBPyConnection) -> None:
    root: dict[Any, Any] = {}

    def find(node: Any) -> Any:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    links = warehouse.execute(
        "select customer_id, identifier_type, identifier_md5, tenure, decision, customer_key from marts.identity_links"
    ).fetchall()
    for customer_id, kind, md5, tenure, decision, _ in links:
        if decision == "joined":
            root[find((kind, md5, tenure))] = find(customer_id)
    pairs = {(find(row[0]), row[5]) for row in links}
    assert len(pairs) == len({component for component, _ in pairs}) == len({key for _, key in pairs})


def test_a_number_passed_on_identifies_each_owner_in_its_period(warehouse: duckdb.DuckDBPyConnection) -> None:
    before, after = keys(warehouse, "before"), keys(warehouse, "after")
    assert before != after
    found = dict(warehouse.execute("select ticket_id, customer_key from marts.fct_tickets").fetchall())
    assert ({found["then"]}, {found["now"]}) == (before, after)


def test_an_old_address_still_identifies_the_person_who_changed_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert keys(warehouse, "mover") == keys(warehouse, "again")


def test_a_landline_shared_by_two_birth_dates_joins_neither(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert len(keys(warehouse, "spouse%")) == 2
    assert ("refused", "contested") in events(warehouse, "spouse0")


def test_records_unmerged_by_the_crm_stay_separate(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert keys(warehouse, "merged") != keys(warehouse, "target")
    assert [event for event in events(warehouse, "merged") if event[0] in ("joined", "split")] == [
        ("joined", "explicit_merge"),
        ("split", "unmerged"),
    ]
    assert ("key_survived", "oldest_record_stayed") in events(warehouse, "target")


def test_the_key_of_the_older_person_survives_a_join(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select event, customer_id, event_date, previous_customer_key = md5(customer_id), customer_key = md5('elder') "
        "from marts.identity_ledger where customer_id in ('elder', 'younger') and event != 'created' order by event"
    ).fetchall()
    night = date(2025, 3, 3)
    assert rows == [
        ("joined", "younger", night, True, True),
        ("key_retired", "younger", night, True, True),
        ("key_survived", "elder", night, True, True),
    ]


def test_a_later_night_reproduces_the_ledger_of_an_earlier_night(
    warehouse: duckdb.DuckDBPyConnection, earlier_ledger: list[Any]
) -> None:
    assert ledger_of(warehouse) == earlier_ledger


def test_one_query_explains_why_two_records_are_one_customer(warehouse: duckdb.DuckDBPyConnection) -> None:
    first, middle, last = "chain0000", "chain0001", "chain0002"
    assert why(warehouse, first, last) == [(1, first, middle, "same phone"), (2, middle, last, "same email")]
    assert why(warehouse, "kept", "gone") == [(1, "kept", "gone", "explicit merge")]
    assert why(warehouse, "before", "after") == []


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


def test_rows_of_later_nights_are_not_used(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert keys(warehouse, "late") == set()


def test_a_quarantined_row_is_not_used_until_its_release(warehouse: duckdb.DuckDBPyConnection) -> None:
    tickets = {row[0] for row in warehouse.execute("select ticket_id from marts.fct_tickets").fetchall()}
    assert tickets == {"t", "freed", "caller", "any", "now", "then"}


def test_row_accounts_count_every_landed_row_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    accounts = {
        row[0]: row[1:]
        for row in warehouse.execute(
            "select table_name, landed, used, quarantined, superseded from quality.row_accounts where landed > 0"
        ).fetchall()
    }
    people = CHAIN + len(SWITCHBOARD) + len(FAMILY) + 2 + len(histories())
    assert accounts == {
        "customers": (people, people, 0, 0),
        "employees": (3, 2, 0, 1),
        "orders": (2, 1, 0, 1),
        "tickets": (8, 6, 1, 1),
    }


def test_the_latest_version_of_a_ticket_counts(warehouse: duckdb.DuckDBPyConnection) -> None:
    status = warehouse.execute("select status from marts.fct_tickets where ticket_id = 't'").fetchone()
    assert status == ("open",)


def test_versions_of_an_employee_are_kept_and_duplicates_are_not(warehouse: duckdb.DuckDBPyConnection) -> None:
    versions = warehouse.execute("select team from staging.stg_crm__employees order by updated_at").fetchall()
    assert versions == [("a",), ("b",)]


def test_an_older_version_that_arrives_late_does_not_replace_the_newer(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert warehouse.execute("select status from staging.stg_crm__orders").fetchall() == [("delivered",)]
