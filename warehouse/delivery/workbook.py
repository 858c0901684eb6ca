"""A list as an Excel workbook: filters, a frozen header, and formats for money, shares and dates."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

SHEET_ROWS = 1_048_575  # a sheet's limit less the header
_CELL_LENGTH = 32_767
_WIDEST = 42
_LINE_HEIGHT, _MOST_LINES = 15, 6
_MACHINE_WIDEST = 12  # keys that nobody reads
_HEADER = {"bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter"}
_NUMBER_FORMATS = {
    "money": "#,##0.00",
    "share": "0.0%",
    "whole": "#,##0",
    "decimal": "#,##0.00",
    "date": "yyyy-mm-dd",
    "timestamp": "yyyy-mm-dd hh:mm",
}


def write_workbook(
    path: Path, name: str, as_of: date, currency: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]
) -> None:
    """Write rows to a workbook with one sheet; `_cents` become units of `currency`, probabilities and shares percents.

    The columns up to the customer's id or name are frozen. The bytes depend on the arguments only.
    """
    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    workbook.set_properties({"title": f"{name} {as_of}", "created": datetime.combine(as_of, time())})
    sheet = workbook.add_worksheet(name[:31])
    titles = [_title(column, currency) for column in columns]
    header = workbook.add_format(_HEADER)
    sheet.set_row(0, 32)  # before its cells, because rows are written in order
    for position, title in enumerate(titles):
        sheet.write_string(0, position, title, header)
    writer = _Writer(workbook, sheet, columns, [max(map(len, title.split())) for title in titles])
    count = 0
    for count, row in enumerate(rows, start=1):
        if count > SHEET_ROWS:
            break
        writer.row(count, row)
    for position, width in enumerate(writer.widths):
        widest = _MACHINE_WIDEST if _is_machine(columns[position]) else _WIDEST
        sheet.set_column(position, position, min(width, widest) + 3)
    sheet.freeze_panes(1, _frozen(columns))
    sheet.autofilter(0, 0, min(count, SHEET_ROWS), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{name} {as_of}&R&P / &N")
    workbook.close()


class _Writer:
    """Writes rows cell by cell and keeps the width of each column, in Latin characters."""

    def __init__(self, workbook: Any, sheet: Any, columns: Sequence[str], widths: list[int]) -> None:
        self.widths = widths
        self._sheet = sheet
        self._kinds = [_kind(column) for column in columns]
        self._is_machine = [_is_machine(column) for column in columns]
        self._formats = {
            kind: workbook.add_format({"num_format": text, "valign": "top"}) for kind, text in _NUMBER_FORMATS.items()
        }
        self._key = workbook.add_format({"valign": "top"})
        self._text = workbook.add_format({"text_wrap": True, "valign": "top"})

    def row(self, number: int, values: tuple[Any, ...]) -> None:
        texts = [
            value for value, key in zip(values, self._is_machine, strict=True) if isinstance(value, str) and not key
        ]
        lines = max((math.ceil(_width(text) / _WIDEST) for text in texts), default=1)
        self._sheet.set_row(number, _LINE_HEIGHT * min(max(lines, 1), _MOST_LINES))
        for position, value in enumerate(values):
            if value is None or (isinstance(value, float) and not math.isfinite(value)):
                continue
            shown = self._cell(number, position, value)
            self.widths[position] = max(self.widths[position], shown)

    def _cell(self, row: int, column: int, value: Any) -> int:
        """Write one cell with its type; returns the width it needs."""
        if isinstance(value, bool):
            self._sheet.write_boolean(row, column, value)
            return 5
        if isinstance(value, int | float | Decimal):
            kind = self._kinds[column] or ("whole" if isinstance(value, int) else "decimal")
            amount = value / 100 if kind == "money" else value
            self._sheet.write_number(row, column, amount, self._formats[kind])
            return 6 if kind == "share" else len(f"{amount:,.2f}")
        if isinstance(value, date):
            kind = "timestamp" if isinstance(value, datetime) else "date"
            self._sheet.write_datetime(row, column, value, self._formats[kind])
            return 16 if kind == "timestamp" else 10
        self._sheet.write_string(
            row, column, value[:_CELL_LENGTH], self._key if self._is_machine[column] else self._text
        )
        return _width(value[:_WIDEST])


def _width(text: str) -> int:
    """Width in Latin characters; Chinese ones count two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _is_machine(column: str) -> bool:
    return column.endswith(("_key", "run_id"))


def _kind(column: str) -> str | None:
    if column.endswith("_cents"):
        return "money"
    return "share" if column.endswith(("_probability", "_share")) else None


def _title(column: str, currency: str) -> str:
    words = column.removesuffix("_cents").replace("_", " ").capitalize()
    return f"{words} ({currency})" if column.endswith("_cents") else words


def _frozen(columns: Sequence[str]) -> int:
    """Number of frozen columns: up to the customer's id or name."""
    known = [position for position, column in enumerate(columns[:6]) if column in ("customer_id", "customer_name")]
    return max(known) + 1 if known else 0
