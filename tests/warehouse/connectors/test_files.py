"""Connector `files`: formats, folders, joins, encodings."""

from __future__ import annotations

import gzip
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq

from tests.warehouse.landing.company import CUSTOMERS, SmallCompany, rows_out

ROWS = [("r1", "2024-01-01 10:00:00", 'two\nlines, "quoted"'), ("r2", "2024-01-01 11:00:00", "好的")]
CSV = 'response_id,responded_at,comment\nr1,2024-01-01 10:00:00,"two\nlines, ""quoted"""\nr2,2024-01-01 11:00:00,好的\n'
NAMES = ("response_id", "responded_at", "comment")


def _landed(company: SmallCompany, **source: object) -> list[tuple[object, ...]]:
    company.configure(
        crm={"connector": "files", "path": "{datasets}", "tables": CUSTOMERS},
        survey={"connector": "files", "path": "{datasets}/in", **source},
    )
    company.land("2024-01-02")
    return company.landed("survey.responses", "response_id, responded_at::varchar, comment")


def test_csv_plain_and_gzipped_keeps_quoted_new_lines(company: SmallCompany) -> None:
    company.write("in/a.csv", CSV)
    company.write("in/b.csv.gz", gzip.compress(CSV.encode()))
    assert _landed(company, tables={"responses": {"from": "*.csv*"}}) == ROWS * 2


def test_json_lines_plain_and_gzipped(company: SmallCompany) -> None:
    lines = "\n".join(json.dumps(dict(zip(NAMES, row, strict=True))) for row in ROWS)
    company.write("in/a.jsonl", lines)
    company.write("in/b.jsonl.gz", gzip.compress(lines.encode()))
    assert _landed(company, tables={"responses": {"from": "."}}) == ROWS * 2


def test_folder_of_parquet_files_of_different_columns(company: SmallCompany) -> None:
    company.write("in/empty.csv", "")
    columns = dict(zip(NAMES, zip(*ROWS, strict=True), strict=True))
    pq.write_table(
        pa.table({name: list(cells) for name, cells in columns.items()}), company.sources / "in" / "a.parquet"
    )
    pq.write_table(
        pa.table({"response_id": ["r3"], "responded_at": ["2024-01-01"]}), company.sources / "in" / "b.parquet"
    )
    assert _landed(company, tables={"responses": {"from": "."}}) == [*ROWS, ("r3", "2024-01-01 00:00:00", None)]


def test_other_separators_and_encodings(company: SmallCompany) -> None:
    company.write("in/a.csv", "response_id;responded_at;comment\nr2;2024-01-01 11:00:00;好的\n".encode("gbk"))
    tables = {"responses": {"from": "a.csv"}}
    assert _landed(company, tables=tables, separator=";", encoding="gbk") == [ROWS[1]]


def test_joined_files_keep_every_row_of_the_first(company: SmallCompany) -> None:
    company.write("in/o.csv", "order_id,who\no1,a\no2,b\no3,zz\n")
    company.write("in/people.csv", "who,customer_id\na,c1\nb,c2\n")
    company.write("in/items.csv", "order_id,price\no1,1.5\no1,2\no3,3\n")
    orders = {
        "from": "in/o.csv",
        "joins": [{"from": "in/people.csv", "keys": ["who"]}, {"from": "in/items.csv", "keys": ["order_id"]}],
        "columns": {"amount_cents": {"from": "price", "multiply_by": 100}},
        "defaults": {"ordered_at": "2024-01-01"},
    }
    company.configure_files({**CUSTOMERS, "orders": orders})
    company.land("2024-01-02")
    assert company.landed("crm.orders", "order_id, line_id, customer_id, amount_cents") == [
        ("o1", "1", "c1", 150.0),
        ("o1", "2", "c1", 200.0),
        ("o2", "3", "c2", None),
        ("o3", "4", None, 300.0),
    ]


def test_touched_file_is_not_read_again_and_changed_file_of_the_same_size_is(company: SmallCompany) -> None:
    company.configure_files(survey={"responses": {"from": "r.csv"}})
    company.write("r.csv", "response_id,responded_at\nr1,2024-01-01\n")
    company.land("2024-01-02")
    os.utime(company.sources / "r.csv", (1, 1))
    assert [count.rows_in for count in company.land("2024-01-03").tables] == [0, 0]
    company.write("r.csv", "response_id,responded_at\nr2,2024-01-01\n")
    assert rows_out(company.land("2024-01-03"))["survey.responses"] == 1
    assert company.landed("survey.responses", "response_id") == [("r1",), ("r2",)]
