"""Which rows land on which night: watermarks, ties, late rows, reruns, files landed before."""

from __future__ import annotations

from tests.warehouse.landing.company import CUSTOMERS, SmallCompany, rows_out

ACCOUNTS = "create table accounts (customer_id text, name text, updated_at text)"
INSERT = "insert into accounts values (?, ?, ?)"


def _accounts(company: SmallCompany, **options: object) -> None:
    company.configure_sqlite(customers={"from": "accounts", "cursor": "updated_at", **options})
    company.execute(ACCOUNTS)


def test_rows_of_the_night_itself_wait_for_the_next(company: SmallCompany) -> None:
    _accounts(company)
    company.execute(INSERT, [("a", "A", "2024-01-01 23:59:59"), ("b", "B", "2024-01-02 00:00:00")])
    company.land("2024-01-02")
    assert company.landed("crm.customers", "customer_id") == [("a",)]
    company.land("2024-01-03")
    assert company.landed("crm.customers", "customer_id, _load_id") == [
        ("a", "2024-01-02-01"),
        ("b", "2024-01-03-01"),
    ]


def test_rerun_of_a_night_lands_nothing_twice(company: SmallCompany) -> None:
    _accounts(company)
    company.execute(INSERT, [("a", "A", "2024-01-01 10:00:00"), ("b", "B", None), ("c", "C", "no date")])
    assert rows_out(company.land("2024-01-02")) == {"crm.customers": 3}
    assert rows_out(company.land("2024-01-02")) == {"crm.customers": 0}
    assert len(company.landed("crm.customers", "1")) == 3


def test_rows_tied_with_the_watermark_are_neither_lost_nor_landed_twice(company: SmallCompany) -> None:
    _accounts(company)
    company.execute(INSERT, [("a", "A", "2024-01-01 10:00:00"), ("a", "A", "2024-01-01 10:00:00")])
    company.land("2024-01-02")
    company.execute(INSERT, [("b", "B", "2024-01-01 10:00:00"), ("a", "A", "2024-01-01 10:00:00")])
    assert rows_out(company.land("2024-01-03")) == {"crm.customers": 2}
    assert sorted(company.landed("crm.customers", "customer_id")) == [("a",), ("a",), ("a",), ("b",)]


def test_late_rows_within_the_lookback_land_with_the_night_they_arrive(company: SmallCompany) -> None:
    _accounts(company, lookback_days=3)
    company.execute(INSERT, [("a", "A", "2024-01-05 10:00:00"), ("b", "B", "2024-01-04 09:00:00")])
    company.land("2024-01-06")
    company.execute(INSERT, [("late", "L", "2024-01-03 10:00:00"), ("too late", "T", "2023-12-01 10:00:00")])
    company.land("2024-01-07")
    assert company.landed("crm.customers", "customer_id, _as_of::varchar") == [
        ("a", "2024-01-06"),
        ("b", "2024-01-05"),
        ("late", "2024-01-07"),
    ]


def test_nothing_is_added_to_a_night_once_a_later_one_has_landed(company: SmallCompany) -> None:
    _accounts(company, lookback_days=10)
    company.execute(INSERT, [("a", "A", "2024-01-01 10:00:00")])
    company.land("2024-01-05")
    company.execute(INSERT, [("late", "L", "2024-01-02 10:00:00")])
    report = company.land("2024-01-04")
    assert rows_out(report) == {"crm.customers": 0}
    assert any("night 2024-01-05 has landed" in note for note in report.notes)


def test_table_without_cursor_lands_only_what_is_new(company: SmallCompany) -> None:
    company.configure_sqlite(customers={"from": "accounts"})
    company.execute(ACCOUNTS)
    company.execute(INSERT, [("a", "A", None), ("b", "B", None)])
    company.land("2024-01-02")
    company.execute("update accounts set name = 'B2' where customer_id = 'b'")
    company.land("2024-01-03")
    assert company.landed("crm.customers", "customer_id, name") == [("a", "A"), ("b", "B"), ("b", "B2")]


def test_number_cursor_lands_what_is_above_the_last_number(company: SmallCompany) -> None:
    company.configure_sqlite(customers={"from": "accounts", "cursor": "number"})
    company.execute("create table accounts (customer_id text, number integer)")
    company.execute("insert into accounts values (?, ?)", [("a", 1), ("b", 2)])
    company.land("2024-01-02")
    company.execute("insert into accounts values (?, ?)", [("c", 3)])
    assert rows_out(company.land("2024-01-03")) == {"crm.customers": 1}
    assert rows_out(company.land("2024-01-03")) == {"crm.customers": 0}
    assert company.landed("crm.customers", "customer_id, _as_of::varchar") == [
        ("a", "2024-01-02"),
        ("b", "2024-01-02"),
        ("c", "2024-01-03"),
    ]


def test_dated_files_land_once_and_before_their_night_only(company: SmallCompany) -> None:
    company.configure_files(survey={"responses": {"from": "r_{date}.csv"}})
    company.write("r_2024-01-01.csv", "response_id,responded_at,csat\nr1,2024-01-01 10:00:00,5\n")
    company.write("r_2024-01-02.csv", "response_id,responded_at,csat\nr2,2024-01-02 10:00:00,4\n")
    assert rows_out(company.land("2024-01-02"))["survey.responses"] == 1
    assert rows_out(company.land("2024-01-02"))["survey.responses"] == 0
    assert rows_out(company.land("2024-01-03"))["survey.responses"] == 1
    assert company.landed("survey.responses", "response_id, _as_of::varchar") == [
        ("r1", "2024-01-02"),
        ("r2", "2024-01-03"),
    ]


def test_file_that_grew_lands_its_new_rows_only(company: SmallCompany) -> None:
    company.configure_files()
    company.write("customers.csv", "customer_id\nc1\nc1\n")
    company.land("2024-01-02")
    company.write("customers.csv", "customer_id\nc1\nc1\nc2\nc1\n")
    company.land("2024-01-03")
    assert company.landed("crm.customers", "customer_id, _load_id") == [
        ("c1", "2024-01-02-01"),
        ("c1", "2024-01-02-01"),
        ("c2", "2024-01-03-01"),
        ("c1", "2024-01-03-01"),
    ]


def test_equal_rows_of_two_files_both_land(company: SmallCompany) -> None:
    company.configure_files(survey={"answers": {"from": "a_*.csv"}})
    company.write("a_1.csv", "response_id,question_code\nr1,q1\n")
    company.land("2024-01-02")
    company.write("a_2.csv", "response_id,question_code\nr1,q1\n")
    company.land("2024-01-03")
    assert len(company.landed("survey.answers", "1")) == 2


def test_file_with_a_cursor_gives_each_night_its_rows(company: SmallCompany) -> None:
    orders = {"from": "o.csv", "cursor": "ordered_at"}
    company.configure_files({**CUSTOMERS, "orders": orders})
    company.write(
        "o.csv",
        "order_id,customer_id,ordered_at\no1,c1,2024-01-01T10:00:00+00:00\no1,c1,2024-01-01T10:00:00+00:00\n"
        "o2,c1,2024-01-02 09:00:00\no3,c1,2024-01-03T00:30:00+01:00\n",
    )
    found = [rows_out(company.land(night))["crm.orders"] for night in ("2024-01-02", "2024-01-03", "2024-01-03")]
    assert found == [2, 2, 0]
    assert company.landed("crm.orders", "order_id, line_id") == [("o1", "1"), ("o1", "2"), ("o2", "3"), ("o3", "4")]


def test_distinct_lands_the_first_row_of_a_key_and_never_again(company: SmallCompany) -> None:
    mapping = {"from": "o.csv", "cursor": "ordered_at", "distinct": True, "columns": {"created_at": "ordered_at"}}
    company.configure_files({"customers": mapping})
    company.write("o.csv", "customer_id,ordered_at\nc1,2024-01-01 12:00:00\nc1,2024-01-01 10:00:00\n,2024-01-01\n")
    company.land("2024-01-02")
    company.write("o.csv", "customer_id,ordered_at\nc1,2024-01-02 12:00:00\nc2,2024-01-02 10:00:00\n")
    company.land("2024-01-03")
    assert company.landed("crm.customers", "customer_id, created_at::varchar") == [
        ("c1", "2024-01-01 10:00:00"),
        ("c2", "2024-01-02 10:00:00"),
    ]


def test_generated_keys_stay_unique_over_files_and_nights(company: SmallCompany) -> None:
    company.configure_files(ticket={"ticket_events": {"from": "e_{date}.csv"}})
    for day in ("2024-01-01", "2024-01-02"):
        rows = "".join(f"t1,{day} 0{hour}:00:00,opened\n" for hour in range(3))
        company.write(f"e_{day}.csv", f"ticket_id,occurred_at,event_type\n{rows}")
    company.land("2024-01-02")
    company.land("2024-01-03")
    keys = company.landed("ticket.ticket_events", "event_id")
    assert keys[0] == ("e_2024-01-01.csv:1",)
    assert len(set(keys)) == 6
