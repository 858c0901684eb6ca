"""The defects of real source systems, planted at a configurable rate and recorded in the truth file.

Those of single rows are made here, after the simulation and without effect on it. Those of persons (changed addresses,
second accounts, a shared switchboard) and late rows belong to the parts of the simulation that know them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from demo.day import Day, row_keys
from demo.names import numbered
from demo.typing import Array, Columns

Change = Callable[[Columns, Array], None]


@dataclass(frozen=True)
class Defect:
    """One kind of defect of a table; `change` spoils rows in place, `applies` says which can have it."""

    kind: str
    detail: str
    change: Change | None = None
    applies: Callable[[Columns], Array] | None = None


def _put(column: str, *values: object) -> Change:
    def change(columns: Columns, rows: Array) -> None:
        cells = columns[column].astype(object)
        cells[rows] = np.resize(np.array(values, dtype=object), rows.size)
        columns[column] = cells

    return change


def _empty(*names: str) -> Change:
    def change(columns: Columns, rows: Array) -> None:
        for name in names:
            _put(name, None)(columns, rows)

    return change


def _orphan(column: str, prefix: str, width: int) -> Change:
    def change(columns: Columns, rows: Array) -> None:
        cells = columns[column].astype(object)
        cells[rows] = numbered(prefix + "9", rows, width - 1)
        columns[column] = cells

    return change


def _before(column: str, other: str, text: str) -> Change:
    """A moment long before the other one: same time of day, in the year 2001."""

    def change(columns: Columns, rows: Array) -> None:
        cells = columns[column].astype(object)
        cells[rows] = [text + str(cell)[10:] for cell in columns[other][rows].tolist()]
        columns[column] = cells

    return change


def _minutes_before(column: str, other: str, minutes: int) -> Change:
    """A moment some minutes before the other, as written by clocks that differ."""

    def change(columns: Columns, rows: Array) -> None:
        cells = columns[column].astype(object)
        moments = np.array(columns[other][rows].tolist(), dtype="datetime64[s]") - np.timedelta64(minutes, "m")
        cells[rows] = [text.replace("T", " ") for text in moments.astype(str).tolist()]
        columns[column] = cells

    return change


def _known(column: str) -> Callable[[Columns], Array]:
    return lambda columns: np.array([cell is not None for cell in columns[column].tolist()])


_DUPLICATE = Defect("duplicate", "the row is there twice")
_BAD_DATES = ("0000-00-00", "31.02.1985", "unknown", "1985-13-01")
_BAD_STAMPS = ("2025-02-30 10:00:00", "yesterday", "00/00/0000")

DEFECTS: dict[str, tuple[Defect, ...]] = {
    "accounts": (_DUPLICATE, Defect("bad_date", "birth_date", _put("birth_date", *_BAD_DATES))),
    "contracts": (_DUPLICATE,),
    "order_lines": (
        _DUPLICATE,
        Defect("missing_id", "account_no", _empty("account_no")),
        Defect("orphan_key", "account_no", _orphan("account_no", "A", 7)),
        Defect("unknown_code", "status", _put("status", "??")),
        Defect("bad_date", "delivered_at", _before("delivered_at", "ordered_at", "2001-01-01"), _known("delivered_at")),
    ),
    "usage_daily": (_DUPLICATE,),
    "contacts": (
        _DUPLICATE,
        Defect("missing_id", "account_no", _empty("account_no")),
        Defect("orphan_key", "account_no", _orphan("account_no", "A", 7)),
        Defect("unknown_code", "channel", _put("channel", "telex")),
    ),
    "points_ledger": (
        _DUPLICATE,
        Defect("unknown_code", "entry_type", _put("entry_type", "gift")),
        Defect("orphan_key", "account_no", _orphan("account_no", "A", 7)),
    ),
    "responses": (
        _DUPLICATE,
        Defect("missing_id", "customer_id, email", _empty("customer_id", "email")),
        Defect("bad_date", "responded_at", _put("responded_at", *_BAD_STAMPS)),
        Defect("unknown_code", "survey_type", _put("survey_type", "xsat")),
        Defect("out_of_range", "csat", _put("csat", 9), _known("csat")),
    ),
    "answers": (Defect("orphan_key", "response_id", _orphan("response_id", "R", 8)),),
    "tickets": (
        _DUPLICATE,
        Defect("missing_id", "customer_id, email, phone", _empty("customer_id", "email", "phone")),
        Defect("bad_date", "resolved_at", _before("resolved_at", "opened_at", "2001-01-01"), _known("resolved_at")),
        Defect("unknown_code", "status", _put("status", "tbd")),
        Defect("clock_skew", "resolved_at", _minutes_before("resolved_at", "opened_at", 7), _known("resolved_at")),
    ),
    "events": (_DUPLICATE, Defect("orphan_key", "ticket_id", _orphan("ticket_id", "T", 8))),
    "mentions": (_DUPLICATE, Defect("missing_id", "author_handle", _empty("author_handle"))),
}


def spoil(day: Day, table: str, columns: Columns) -> Columns:
    """Plant the defects of a table in one day's rows; at most one per row, all kinds equally often."""
    kinds = DEFECTS.get(table, ())
    rate = day.plan.defect_rate
    if not kinds or not rate:
        return columns
    total = len(next(iter(columns.values())))
    drawn = day.random(f"defects/{table}").random(total) / rate * len(kinds)
    for slot, defect in enumerate(kinds):
        hit = (drawn >= slot) & (drawn < slot + 1)
        if hit.any():
            columns = _plant(day, table, columns, defect, hit)
            drawn = np.concatenate([drawn, np.full(len(next(iter(columns.values()))) - drawn.size, np.inf)])
    return columns


def _plant(day: Day, table: str, columns: Columns, defect: Defect, hit: Array) -> Columns:
    if defect.applies:
        hit = hit & defect.applies(columns)
    rows = np.flatnonzero(hit)
    if not rows.size:
        return columns
    chosen = {name: column[rows] for name, column in columns.items()}
    day.defect(table, defect.kind, row_keys(table, chosen), defect.detail)
    if defect.change is None:
        return {name: np.concatenate([column, chosen[name]]) for name, column in columns.items()}
    defect.change(columns, rows)
    return columns
