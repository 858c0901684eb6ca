"""The lists as files for a retention team; no cell can run as a formula."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.warehouse.small_warehouse import build_warehouse, installation, night
from warehouse.core.settings import Settings
from warehouse.delivery.exports import neutral
from warehouse.publishing.publish import publish


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = installation(tmp_path_factory.mktemp("exports") / "home")
    build_warehouse(settings, night())
    publish(settings, night())
    return settings


@pytest.fixture(scope="module")
def sheet(settings: Settings) -> Worksheet:
    book = openpyxl.load_workbook(settings.exports / "2026-11-01" / "retention_risk_list.xlsx")
    assert book.sheetnames == ["retention_risk_list"]
    return book["retention_risk_list"]


@pytest.fixture(scope="module")
def csv_rows(settings: Settings) -> list[dict[str, str]]:
    contents = (settings.exports / "2026-11-01" / "retention_risk_list.csv").read_bytes()
    assert contents.startswith(b"\xef\xbb\xbf"), "Excel needs the mark to read UTF-8"
    return list(csv.DictReader(io.StringIO(contents.decode("utf-8-sig"), newline="")))


def test_csv_has_the_columns_of_the_published_list_in_rank_order(csv_rows: list[dict[str, str]]) -> None:
    assert list(csv_rows[0])[:5] == ["as_of", "list_rank", "customer_key", "customer_id", "customer_name"]
    assert [row["list_rank"] for row in csv_rows] == ["1", "2", "3"]
    assert csv_rows[0]["customer_name"] == "王芳"
    assert csv_rows[0]["is_vip"] == "true"
    assert csv_rows[0]["value_at_risk_cents"] == "123456"
    assert csv_rows[2]["reason_1_zh"] == "“引号”,\n换行"


def test_text_that_would_run_as_a_formula_is_neutralised_in_csv(csv_rows: list[dict[str, str]]) -> None:
    assert [row["customer_name"] for row in csv_rows] == ["王芳", "'=1+1", "'-2+3"]
    assert csv_rows[1]["reason_1"] == "'+86 21 5555"
    assert csv_rows[2]["reason_1"] == "'\tTab"
    assert csv_rows[0]["owner_id"] == "'@E2"


def test_negative_numbers_stay_numbers(csv_rows: list[dict[str, str]], sheet: Worksheet) -> None:
    assert csv_rows[1]["expected_profit_cents"] == "-1200"
    assert csv_rows[0]["rank_change"] == "-1"
    assert (sheet["H3"].value, sheet["H3"].data_type) == (-12, "n")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@A", "\tx", "\rx", "\nx", "＝1", "－1"])  # noqa: RUF001
def test_every_start_of_a_formula_is_neutralised(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("value", [None, -1, -1.5, "", "a=1", "王芳", "1-2"])
def test_text_that_is_no_formula_is_not_changed(value: object) -> None:
    assert neutral(value) == value


def test_the_sheet_has_frozen_header_and_customer_columns_and_a_filter(sheet: Worksheet) -> None:
    assert sheet.freeze_panes == "F2"
    assert sheet.auto_filter.ref == "A1:O4"
    assert [cell.value for cell in sheet[1]][:8] == [
        "As of",
        "List rank",
        "Customer key",
        "Customer id",
        "Customer name",
        "Churn probability",
        "Value at risk (EUR)",
        "Expected profit (EUR)",
    ]
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["I"].width > sheet.column_dimensions["D"].width > 4


def test_money_shares_and_dates_are_formatted_as_such(sheet: Worksheet) -> None:
    assert (sheet["G2"].value, sheet["G2"].number_format) == (1234.56, "#,##0.00")
    assert (sheet["F2"].value, sheet["F2"].number_format) == (0.5, "0.0%")
    assert (sheet["A2"].value, sheet["A2"].number_format) == (datetime(2026, 11, 1), "yyyy-mm-dd")
    assert sheet["K2"].value is True


def test_no_cell_of_the_sheet_is_a_formula(sheet: Worksheet) -> None:
    assert [cell.coordinate for row in sheet for cell in row if cell.data_type == "f"] == []
    assert sheet["E3"].value == "'=1+1"
    assert sheet["E2"].value == "王芳"


def test_parquet_keeps_types_and_texts_as_published(settings: Settings) -> None:
    file = settings.exports / "2026-11-01" / "retention_risk_list.parquet"
    published = settings.serving / "customer_360.duckdb"
    with duckdb.connect(str(published), read_only=True) as connection:
        expected = connection.table("marts.retention_risk_list")
        found = connection.read_parquet(str(file))
        assert dict(zip(found.columns, found.types, strict=True)) == dict(
            zip(expected.columns, expected.types, strict=True)
        )
        assert found.fetchall() == expected.order("list_rank").fetchall()


def test_the_next_night_finds_the_list_in_the_lake(settings: Settings) -> None:
    rows = duckdb.read_parquet(str(settings.history / "retention_risk_list" / "*" / "part-*.parquet")).fetchall()
    assert sorted(row[1] for row in rows) == [1, 2, 3]


def test_a_night_without_a_list_publishes_without_exports(tmp_path: Path) -> None:
    settings = installation(tmp_path / "home")
    build_warehouse(settings, night())
    with duckdb.connect(str(settings.warehouse_file)) as connection:
        connection.execute("drop table marts.retention_risk_list")
    publish(settings, night())
    assert not settings.exports.exists()


def test_an_empty_list_still_gives_files_with_a_header(tmp_path: Path) -> None:
    settings = installation(tmp_path / "home")
    build_warehouse(settings, night())
    with duckdb.connect(str(settings.warehouse_file)) as connection:
        connection.execute("delete from marts.retention_risk_list")
    publish(settings, night())
    folder = settings.exports / "2026-11-01"
    assert (folder / "retention_risk_list.csv").read_text("utf-8-sig").count("\n") == 1
    assert openpyxl.load_workbook(folder / "retention_risk_list.xlsx").active.max_row == 1
