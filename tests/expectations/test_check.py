"""The check stage on small landed files of a small company."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from expectations.landed import check
from tests.expectations.landed_files import customer, land, make_settings, order, quarantined
from warehouse.core.errors import CheckError
from warehouse.core.reports import StageReport
from warehouse.core.settings import Settings
from warehouse.quarantine import row_checks
from warehouse.quarantine.rules import RowRule

NIGHT = date(2024, 3, 1)
NEXT = date(2024, 3, 2)


def rules(settings: Settings, table: str) -> list[tuple[int, str]]:
    return [(row, rule) for _, row, rule, _ in quarantined(settings, table)]


def test_each_broken_rule_is_an_entry_of_its_own(settings: Settings) -> None:
    land(settings, "crm.customers", "2024-03-01", [customer(1), customer(2, updated_at="2023-12-31")])
    rows = [
        order(1),
        order(2, customer_id=None),
        order(3, customer_id="C404", amount_cents=None),
        order(4, ordered_at="2024-03-01 00:00:00"),
        order(5, ordered_at="1970-01-01 00:00:00"),
        order(6, ordered_at=None, amount_cents=None, _rejected={"ordered_at": "31/02/2024", "shipped_at": "soon"}),
        order(7, customer_id="C2"),
        order(8, customer_id="  "),
    ]
    land(settings, "crm.orders", "2024-03-01", rows)
    check(settings, NIGHT)
    assert rules(settings, "crm.customers") == [(2, "updated_before_created")]
    assert rules(settings, "crm.orders") == [
        (2, "missing_customer_id"),
        (3, "no_amount"),
        (3, "orphan_customer_id"),
        (4, "in_the_future"),
        (5, "long_ago"),
        (6, "no_amount"),
        (6, "not_a_timestamp"),
        (7, "orphan_customer_id"),
        (8, "missing_customer_id"),
    ]


def test_an_entry_keeps_the_whole_row_and_the_reason(settings: Settings) -> None:
    land(settings, "crm.customers", "2024-03-01", [customer(1)])
    land(settings, "crm.orders", "2024-03-01", [order(1, ordered_at=None, _rejected={"ordered_at": "yesterday"})])
    check(settings, NIGHT)
    file = settings.quarantine / "crm" / "orders" / "as_of=2024-03-01" / "2024-03-01-01.parquet"
    with duckdb.connect() as connection:
        found = connection.execute("select * from read_parquet(?, hive_partitioning = false)", [str(file)])
        names = [column[0] for column in found.description]
        entry = dict(zip(names, found.fetchall()[0], strict=True))
    row = json.loads(entry.pop("row"))
    assert entry == {
        "source": "crm",
        "table_name": "orders",
        "_load_id": "2024-03-01-01",
        "_row_number": 1,
        "_as_of": NIGHT,
        "rule": "not_a_timestamp",
        "reason": "ordered_at is not a timestamp",
        "released_as_of": None,
    }
    assert (row["order_id"], row["amount_cents"], row["rejected_cells"]) == (
        "O1",
        1000.0,
        '{"ordered_at": "yesterday"}',
    )


def test_codes_outside_the_accepted_values_are_unknown(settings: Settings) -> None:
    land(settings, "crm.customers", "2024-03-01", [customer(1)])
    entry = {"entry_id": "E1", "customer_id": "C1", "entry_at": "2024-02-01", "entry_type": "gift", "points": 5}
    land(settings, "crm.loyalty_ledger", "2024-03-01", [entry, entry | {"entry_id": "E2", "entry_type": "earn"}])
    check(settings, NIGHT)
    assert rules(settings, "crm.loyalty_ledger") == [(1, "unknown_entry_type")]


def test_every_failing_row_is_kept_however_many(settings: Settings) -> None:
    land(settings, "crm.customers", "2024-03-01", [customer(1)])
    rows = [order(number, customer_id=None if number % 4 == 0 else "C1") for number in range(1, 1201)]
    land(settings, "crm.orders", "2024-03-01", rows)
    report = check(settings, NIGHT)
    assert len(quarantined(settings, "crm.orders")) == 300
    (counts,) = [table for table in report.tables if table.table == "crm.orders"]
    assert (counts.rows_in, counts.rows_out, counts.rows_rejected, counts.status) == (1200, 900, 300, "warn")
    assert any(note.startswith("warning: crm.orders: 300 of 1,200 rows (25.0%)") for note in report.notes)


def test_too_many_bad_rows_stop_the_night_and_write_nothing(settings: Settings) -> None:
    land(settings, "crm.customers", "2024-03-01", [customer(1)])
    land(settings, "crm.orders", "2024-03-01", [order(number, customer_id=None) for number in range(100)])
    with pytest.raises(CheckError, match=r"crm\.orders: quarantine_share: expected at most 50%.*found 1;"):
        check(settings, NIGHT)
    assert quarantined(settings, "crm.customers") == quarantined(settings, "crm.orders") == []


def test_a_night_that_was_stopped_is_checked_again_by_the_next(settings: Settings, tmp_path: Path) -> None:
    land(settings, "crm.customers", "2024-03-01", [customer(1)])
    land(settings, "crm.orders", "2024-03-01", [order(number, customer_id=None) for number in range(100)])
    with pytest.raises(CheckError):
        check(settings, NIGHT)
    with pytest.raises(CheckError, match="night 2024-03-01"):
        check(settings, NEXT)
    lenient = make_settings(tmp_path, {"quarantine_fail_share": 1.0})
    report = check(lenient, NEXT)
    assert len(quarantined(settings, "crm.orders")) == 100
    assert "also checked the loads of 2024-03-01" in report.notes


def test_without_any_customer_the_night_stops(settings: Settings) -> None:
    land(settings, "crm.orders", "2024-03-01", [order(1)])
    with pytest.raises(CheckError, match=r"crm\.customers \(all nights\): not_empty: expected at least one row"):
        check(settings, NIGHT)


@pytest.mark.parametrize("night", ["2024-02-29", "2024-03-01"])
def test_a_damaged_landed_file_is_named(settings: Settings, night: str) -> None:
    damaged = land(settings, "crm.customers", night, [customer(1)])
    land(settings, "crm.orders", "2024-03-01", [order(1)])
    damaged.write_bytes(b"")
    with pytest.raises(CheckError, match=r"crm\.\w+: a file of the lake cannot be read .*restore it from a backup"):
        check(settings, NIGHT)


def test_a_missing_landed_column_stops_the_night(settings: Settings) -> None:
    file = land(settings, "crm.customers", "2024-03-01", [customer(1)])
    with duckdb.connect() as connection:
        connection.execute(f"create table kept as select * exclude (birth_date) from '{file}'")
        connection.execute(f"copy kept to '{file}' (format parquet)")
    with pytest.raises(CheckError, match=r"crm\.customers: columns: expected the contract's columns"):
        check(settings, NIGHT)


def test_an_orphan_is_released_on_the_night_its_parent_arrives(settings: Settings) -> None:
    land(settings, "crm.customers", "2024-03-01", [customer(1)])
    land(settings, "crm.orders", "2024-03-01", [order(1, customer_id="C2"), order(2, customer_id="C3")])
    check(settings, NIGHT)
    land(settings, "crm.customers", "2024-03-02", [customer(2)])
    report = check(settings, NEXT)
    assert quarantined(settings, "crm.orders") == [
        ("2024-03-01-01", 1, "orphan_customer_id", "2024-03-02"),
        ("2024-03-01-01", 2, "orphan_customer_id", None),
    ]
    assert "crm.orders: 1 earlier rows left the quarantine" in report.notes


def test_a_quarantined_parent_does_not_count(settings: Settings) -> None:
    land(settings, "crm.customers", "2024-03-01", [customer(1), customer(2, updated_at="2020-01-01")])
    land(settings, "crm.orders", "2024-03-01", [order(1, customer_id="C2")])
    check(settings, NIGHT)
    assert rules(settings, "crm.orders") == [(1, "orphan_customer_id")]
    land(settings, "crm.customers", "2024-03-02", [customer(2)])
    check(settings, NEXT)
    assert quarantined(settings, "crm.orders")[0][3] == "2024-03-02"


def test_a_row_with_a_future_date_is_released_when_the_date_has_passed(settings: Settings) -> None:
    land(settings, "crm.customers", "2024-03-01", [customer(1)])
    contract = {"subscription_id": "S1", "customer_id": "C1", "started_at": "2024-03-01 09:00:00"}
    later = contract | {"subscription_id": "S2", "started_at": "2924-03-01"}
    land(settings, "crm.subscriptions", "2024-03-01", [contract, later])
    check(settings, NIGHT)
    check(settings, NEXT)
    assert quarantined(settings, "crm.subscriptions") == [
        ("2024-03-01-01", 1, "in_the_future", "2024-03-02"),
        ("2024-03-01-01", 2, "in_the_future", None),
    ]


def test_a_rerun_gives_the_same_quarantine_and_report(settings: Settings) -> None:
    land(settings, "crm.customers", "2024-03-01", [customer(1)])
    land(settings, "crm.orders", "2024-03-01", [order(1, customer_id="C2"), order(2, customer_id="C3"), order(3)])
    first = check(settings, NIGHT)
    files = {file: file.read_bytes() for file in settings.quarantine.rglob("*.parquet")}
    assert check(settings, NIGHT) == first
    assert {file: file.read_bytes() for file in settings.quarantine.rglob("*.parquet")} == files


def test_rebuilding_an_earlier_night_keeps_what_later_nights_released(settings: Settings) -> None:
    land(settings, "crm.customers", "2024-03-01", [customer(1)])
    land(settings, "crm.orders", "2024-03-01", [order(1, customer_id="C2")])
    check(settings, NIGHT)
    land(settings, "crm.customers", "2024-03-02", [customer(2)])
    check(settings, NEXT)
    check(settings, NIGHT)
    assert quarantined(settings, "crm.orders") == [("2024-03-01-01", 1, "orphan_customer_id", "2024-03-02")]


def test_only_the_loads_of_the_night_are_checked_again(settings: Settings) -> None:
    land(settings, "crm.customers", "2024-03-01", [customer(1)])
    land(settings, "crm.orders", "2024-03-01", [order(1), order(2, customer_id=None)])
    check(settings, NIGHT)
    land(settings, "crm.orders", "2024-03-02", [order(3), order(4), order(5, customer_id=None)])
    report = check(settings, NEXT)
    assert [(table.table, table.rows_in, table.rows_rejected) for table in report.tables] == [("crm.orders", 3, 1)]


def test_every_table_has_a_quarantine_that_can_be_read(settings: Settings) -> None:
    land(settings, "crm.customers", "2024-03-01", [customer(1)])
    check(settings, NIGHT)
    assert quarantined(settings, "social.mentions") == []


def test_data_docs_list_every_night_without_personal_data(settings: Settings) -> None:
    land(settings, "crm.customers", "2024-03-01", [customer(1, name="Zoe Quill"), customer(2, updated_at="2020-01-01")])
    check(settings, NIGHT)
    docs = settings.validation / "data_docs"
    assert "2024-03-01: landed" in (docs / "index.html").read_text("utf-8")
    pages = [page.read_text("utf-8") for page in (docs / "landed" / "2024-03-01").rglob("*.html")]
    assert any("the record was updated before it was created" in page for page in pages)
    assert not any("Zoe Quill" in page for page in pages)


def test_nothing_is_printed_on_the_terminal(settings: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    land(settings, "crm.customers", "2024-03-01", [customer(1)])
    report = check(settings, NIGHT)
    assert isinstance(report, StageReport)
    assert capfd.readouterr() == ("", "")


def test_the_stage_can_be_called_twice_in_one_process(settings: Settings) -> None:
    import expectations.landed

    land(settings, "crm.customers", "2024-03-01", [customer(1)])
    expectations.landed.check(settings, NIGHT)
    assert expectations.landed.check(settings, NIGHT).rows_in == 1


def test_an_optional_cell_of_the_wrong_type_does_not_quarantine_the_row(settings: Settings) -> None:
    wrong = customer(2, _rejected={"birth_date": "31/02/1990"})
    land(settings, "crm.customers", "2024-03-01", [customer(1), wrong])
    report = check(settings, NIGHT)
    assert (report.rows_out, report.rows_rejected) == (2, 0)
    assert quarantined(settings, "crm.customers") == []
    assert any("crm.customers: optional_cell_not_a_date" in note and "found 1 row" in note for note in report.notes)


def test_a_rule_that_cannot_be_evaluated_names_its_contract(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    land(settings, "crm.customers", "2024-03-01", [customer(1)])
    wrong = RowRule("wrong", "warn", "no_such_column = 1", "'wrong'")
    monkeypatch.setattr(row_checks, "row_rules", lambda *_: (wrong,))
    with pytest.raises(CheckError, match=r"crm\.customers: a row rule cannot be evaluated: .*crm_customers\.yml$"):
        check(settings, NIGHT)
