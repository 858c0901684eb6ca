"""The lists as files: CSV with a byte order mark, so that Excel reads Chinese; formatted XLSX; typed Parquet.

They are read from the release, so they equal what readers see. In CSV and XLSX, text that a spreadsheet would run as a
formula gets a leading apostrophe. The same release gives the same bytes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from warehouse.core.atomic import atomic_file
from warehouse.core.quoting import literal
from warehouse.core.settings import Settings
from warehouse.delivery.workbook import SHEET_ROWS, write_workbook

LISTS = ("retention_risk_list",)

# Characters that start a formula in spreadsheets; full-width forms do in Chinese and Japanese versions.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


def export(settings: Settings, as_of: date, release: Path) -> tuple[str, ...]:
    """Write every list of a release under `exports/<as_of>/`.

    A list that the release does not have is left out. Returns notes for the user.
    """
    notes: list[str] = []
    with duckdb.connect(str(release), read_only=True) as connection:
        query = "select table_name from duckdb_tables() where schema_name = 'marts'"
        published = {row[0] for row in connection.execute(query).fetchall()}
        for name in (name for name in LISTS if name in published):
            notes.extend(_export_list(settings, as_of, connection, name))
    return tuple(notes)


def neutral(value: Any) -> Any:
    """The value made safe for spreadsheets: text that starts a formula gets an apostrophe, all else is unchanged."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def _export_list(settings: Settings, as_of: date, connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[str]:
    folder = settings.exports / str(as_of)
    columns = connection.table(f"marts.{name}").columns
    rows = connection.execute(f"select count(*) from marts.{name}").fetchall()[0][0]  # noqa: S608

    with atomic_file(folder / f"{name}.csv") as file:
        _write_csv(file, columns, _rows(connection, name))
    with atomic_file(folder / f"{name}.xlsx") as file:
        write_workbook(file, name, as_of, settings.config.currency, columns, _rows(connection, name))
    with atomic_file(folder / f"{name}.parquet") as file:
        connection.execute(f"copy ({_query(name)}) to {literal(file)} (format parquet)")

    yield f"{name} ({rows} rows): {folder / name}.csv, .xlsx, .parquet"
    if rows > SHEET_ROWS:
        yield f"{name}.xlsx has the first {SHEET_ROWS} of {rows} rows, the limit of a sheet; the CSV is complete"


def _query(name: str) -> str:
    return f"select * from marts.{name} order by list_rank"  # noqa: S608


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[tuple[Any, ...]]:
    cursor = connection.cursor().execute(_query(name))
    while chunk := cursor.fetchmany(10_000):
        for row in chunk:
            yield tuple(neutral(_plain(value)) for value in row)


def _plain(value: Any) -> Any:
    """Values that a cell can contain as they are; lists, structs and the like as text."""
    return value if value is None or isinstance(value, str | int | float | Decimal | date) else str(value)


def _write_csv(path: Path, columns: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([_word(value) for value in row] for row in rows)


def _word(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
