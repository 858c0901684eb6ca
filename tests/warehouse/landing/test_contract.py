"""Messages about a source that does not fulfil its contract."""

from __future__ import annotations

import pytest

from tests.warehouse.landing.company import CUSTOMERS, SmallCompany, rows_out
from warehouse.core.errors import ContractError, RapportError, SourceError

RESPONSES = {"responses": {"from": "r.csv"}}


def test_missing_optional_table_is_switched_off_with_a_note(company: SmallCompany) -> None:
    company.configure_files({**CUSTOMERS, "orders": {"from": "nowhere.csv"}})
    report = company.land("2024-01-02")
    assert [(count.table, count.status) for count in report.tables if count.status != "ok"] == [("crm.orders", "off")]
    assert any("nowhere.csv" in note and "off" in note for note in report.notes)
    assert company.landed("crm.orders", "order_id, attributes, _as_of") == []


def test_missing_customers_stop_the_night(company: SmallCompany) -> None:
    company.configure_files({"customers": {"from": "nowhere.csv"}})
    with pytest.raises(ContractError, match=r"crm\.customers.*nowhere\.csv.*it is required"):
        company.land("2024-01-02")


def test_unmapped_customers_stop_the_night(company: SmallCompany) -> None:
    company.configure_files({"orders": {"from": "o.csv"}})
    with pytest.raises(ContractError, match=r"crm\.customers.*rapport\.yml"):
        company.land("2024-01-02")


def test_missing_required_column_names_file_column_and_what_is_there(company: SmallCompany) -> None:
    company.configure_files(survey={"responses": {"from": "r_{date}.csv"}})
    company.write("r_2024-01-01.csv", "response_id,responded_at\nr1,2024-01-01\n")
    company.write("r_2024-01-02.csv", "response_id,when\nr2,2024-01-02\n")
    expected = r"survey\.responses: r_2024-01-02\.csv: required column 'responded_at' \(timestamp\).*response_id, when"
    with pytest.raises(ContractError, match=expected):
        company.land("2024-01-03")


def test_missing_mapped_column_suggests_the_nearest(company: SmallCompany) -> None:
    company.configure_files({"customers": {"from": "customers.csv", "columns": {"name": "full_nmae"}}})
    company.write("customers.csv", "customer_id,full_name\nc1,A\n")
    with pytest.raises(ContractError, match=r"customers\.csv: column 'full_nmae' .*did you mean 'full_name'"):
        company.land("2024-01-02")


def test_column_that_is_not_in_the_contract_is_refused(company: SmallCompany) -> None:
    company.configure_files({"customers": {"from": "customers.csv", "columns": {"shoe_size": "customer_id"}}})
    with pytest.raises(ContractError, match=r"no column 'shoe_size'"):
        company.land("2024-01-02")


def test_typed_column_of_another_type_stops_the_table(company: SmallCompany) -> None:
    company.configure_sqlite(customers={"from": "accounts", "columns": {"created_at": "size"}})
    company.execute("create table accounts (customer_id text, size integer); insert into accounts values ('c1', 5)")
    with pytest.raises(ContractError, match=r"table accounts: column 'size'.*expected timestamp, found BIGINT"):
        company.land("2024-01-02")


def test_text_column_that_mostly_does_not_fit_stops_the_table(company: SmallCompany) -> None:
    company.configure_files(survey=RESPONSES)
    rows = "".join(f"r{number},{'2024-01-01' if number < 4 else 'first of May'},5\n" for number in range(10))
    company.write("r.csv", f"response_id,responded_at,csat\n{rows}")
    with pytest.raises(ContractError, match=r"'responded_at' changed its type: expected timestamp, found 6 of 10"):
        company.land("2024-01-02")
    assert company.landed("survey.responses", "1") == []


def test_personal_data_does_not_reach_the_message(company: SmallCompany) -> None:
    company.configure_files({"customers": {"from": "customers.csv"}})
    company.write("customers.csv", "customer_id,birth_date\n" + "".join(f"c{n},Mr Example\n" for n in range(9)))
    with pytest.raises(ContractError) as raised:
        company.land("2024-01-02")
    assert "Example" not in str(raised.value)


def test_failing_table_does_not_keep_the_others_from_landing(company: SmallCompany) -> None:
    company.configure_files(survey=RESPONSES)
    company.write("r.csv", "response_id\nr1\n")
    with pytest.raises(ContractError, match=r"survey\.responses"):
        company.land("2024-01-02")
    assert company.landed("crm.customers", "customer_id") == [("c1",)]
    company.write("r.csv", "response_id,responded_at\nr1,2024-01-01 10:00:00\n")
    assert rows_out(company.land("2024-01-02")) == {"crm.customers": 0, "survey.responses": 1}


def test_unreadable_file_is_named_and_stops_only_its_table(company: SmallCompany) -> None:
    company.configure_files(survey=RESPONSES, ticket={"tickets": {"from": "t.jsonl"}})
    company.write("r.csv", "response_id,responded_at\nr1,2024-01-01 10:00:00\n")
    company.write("t.jsonl", '{"ticket_id": "t1", "opened_at": "2024-01-01"}\n{"ticket_id": \n')
    with pytest.raises(SourceError, match=r"t\.jsonl cannot be read"):
        company.land("2024-01-02")
    assert company.landed("survey.responses", "response_id") == [("r1",)]


def test_new_and_vanished_columns_are_reported_and_kept(company: SmallCompany) -> None:
    company.configure_files({"customers": {"from": "c_{date}.csv"}})
    company.write("c_2024-01-01.csv", "customer_id,tariff\nc1,gold\n")
    company.land("2024-01-02")
    company.write("c_2024-01-02.csv", "customer_id,shop\nc2,north\n")
    notes = company.land("2024-01-03").notes
    assert "crm.customers: new in the source, kept as attributes: shop" in notes
    assert "crm.customers: no longer in the source: tariff" in notes
    assert company.landed("crm.customers", "attributes") == [('{"tariff":"gold"}',), ('{"shop":"north"}',)]


def test_unreachable_database_is_one_readable_line(company: SmallCompany) -> None:
    company.configure(crm={"connector": "sql", "connection": "crm_db", "tables": {"customers": {"from": "accounts"}}})
    with pytest.raises(RapportError) as raised:
        company.land("2024-01-02", crm_db="postgres://someone:secret@127.0.0.1:1/nothing")
    assert "sources.crm" in str(raised.value)
    assert "secret" not in str(raised.value)
    assert "\n" not in str(raised.value)
