"""How a cell becomes a value of the contract's type, and where it goes when it cannot."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.warehouse.landing.company import CUSTOMERS, SmallCompany


def _value(company: SmallCompany, column: str, cell: str) -> tuple[object, str | None]:
    """The value of a CSV cell in a column of crm.customers, and the rejected cells of its row."""
    company.configure_files()
    company.write("customers.csv", f'customer_id,{column}\nc1,"{cell}"\n')
    company.land("2024-01-02")
    return company.landed("crm.customers", f"{column}::varchar, rejected_cells")[0]


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("created_at", "2024-01-01T10:00:00+02:00", "2024-01-01 08:00:00"),
        ("created_at", "2024-01-01 10:00:00.5-0330", "2024-01-01 13:30:00.5"),
        ("created_at", "2024-01-01T10:00:00Z", "2024-01-01 10:00:00"),
        ("created_at", " 2024-01-01 ", "2024-01-01 00:00:00"),
        ("birth_date", "1980-02-29 00:00:00", "1980-02-29"),
        ("is_vip", "YES", "true"),
        ("is_vip", "0", "false"),
        ("name", " \t\u3000", None),
        ("created_at", "   ", None),
        ("name", " two\nlines ", " two\nlines "),
    ],
)
def test_text_becomes_the_type_of_the_contract(
    company: SmallCompany, column: str, cell: str, value: str | None
) -> None:
    assert _value(company, column, cell) == (value, None)


@pytest.mark.parametrize(
    ("column", "cell"), [("birth_date", "1980-02-30"), ("created_at", "infinity"), ("is_vip", "perhaps")]
)
def test_cell_that_does_not_fit_is_null_and_its_text_is_kept(company: SmallCompany, column: str, cell: str) -> None:
    value, rejected = _value(company, column, cell)
    assert value is None
    assert json.loads(str(rejected)) == {column: cell}


def test_numbers_are_scaled_recoded_and_rejected_with_their_text(company: SmallCompany) -> None:
    orders = {
        "from": "o.csv",
        "columns": {
            "quantity": "pieces",
            "unit_price_cents": {"from": "price", "multiply_by": 100},
            "status": {"from": "state", "values": {"1": "paid", "2": "sent"}},
            "ordered_at": {"from": "day", "format": "%d/%m/%Y"},
        },
        "defaults": {"currency": "EUR", "channel": "web"},
    }
    company.configure_files({**CUSTOMERS, "orders": orders})
    company.write(
        "o.csv",
        "order_id,customer_id,day,pieces,price,state,channel\n"
        "o1,c1,31/01/2024,2,19.99,1,store\no2,c1,01/02/2024, ,abc,9,\no3,c1,02/02/2024,1e400,1,2,\n",
    )
    company.land("2024-03-01")
    columns = "quantity, unit_price_cents, status, ordered_at::varchar, currency, channel, rejected_cells"
    assert company.landed("crm.orders", columns) == [
        (2.0, 1999.0, "paid", "2024-01-31 00:00:00", "EUR", "store", None),
        (None, None, "9", "2024-02-01 00:00:00", "EUR", "web", '{"unit_price_cents":"abc"}'),
        (None, 100.0, "sent", "2024-02-02 00:00:00", "EUR", "web", '{"quantity":"1e400"}'),
    ]


def test_integers_are_not_rounded(company: SmallCompany) -> None:
    company.configure_files(survey={"responses": {"from": "r.csv"}})
    company.write("r.csv", "response_id,responded_at,csat,nps\nr1,2024-01-01,4.0,9\nr2,2024-01-01,4.5,10\n")
    company.land("2024-01-02")
    assert company.landed("survey.responses", "csat, nps, rejected_cells") == [
        (4, 9, None),
        (None, 10, '{"csat":"4.5"}'),
    ]


def test_typed_parquet_keeps_identifiers_whole_and_times_in_utc(company: SmallCompany) -> None:
    moment = pa.array([0, 3_600_000_000], pa.timestamp("us", tz="Europe/Berlin"))
    numbers = pa.array([17850.0, float("nan")])
    table = pa.table({"customer_id": numbers, "created_at": moment, "score": numbers, "is_vip": pa.array([True, None])})
    pq.write_table(table, company.sources / "c.parquet")
    company.configure_files({"customers": {"from": "c.parquet"}})
    company.land("2024-01-02")
    assert company.landed("crm.customers", "customer_id, created_at::varchar, is_vip, attributes") == [
        ("17850", "1970-01-01 00:00:00", True, '{"score":17850.0}'),
        (None, "1970-01-01 01:00:00", None, '{"score":null}'),
    ]


def test_attributes_keep_the_names_and_kinds_of_the_company(company: SmallCompany) -> None:
    company.configure_files(ticket={"tickets": {"from": "t.jsonl", "columns": {"ticket_id": "case:id"}}})
    lines = [
        {"case:id": 7, "opened_at": "2024-01-01T00:00:00Z", "Größe": 1.5, "ok": True, "tags": ["a"], "note": " "},
        {"case:id": "x", "opened_at": "2024-01-01T00:00:00Z", "Größe": None, "ok": False, "tags": [], "note": "好"},
    ]
    company.write("t.jsonl", "\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
    company.land("2024-01-02")
    found = company.landed("ticket.tickets", "ticket_id, attributes")
    assert [ticket for ticket, _ in found] == ["7", "x"]
    assert json.loads(found[0][1]) == {"Größe": 1.5, "ok": True, "tags": ["a"], "note": None}
    assert json.loads(found[1][1]) == {"Größe": None, "ok": False, "tags": [], "note": "好"}


def test_landed_file_has_the_columns_of_its_contract_and_no_others(company: SmallCompany) -> None:
    company.configure_files({**CUSTOMERS, "loyalty_ledger": {"from": "l.csv"}})
    company.write("l.csv", "entry_id,customer_id,entry_at,entry_type,points,extra\ne1,c1,2024-01-01,earn,5,x\n")
    company.land("2024-01-02")
    folder = company.folder / "home" / "lake" / "landing" / "crm" / "loyalty_ledger"
    landed = pq.read_schema(folder / "as_of=2024-01-02" / "2024-01-02-01.parquet")
    assert landed.names == pq.read_schema(folder / "schema.parquet").names
    assert landed.types == pq.read_schema(folder / "schema.parquet").types
    assert landed.names[-5:] == ["attributes", "rejected_cells", "_load_id", "_row_number", "_as_of"]
