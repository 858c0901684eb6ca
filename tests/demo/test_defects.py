"""Every defect in the truth file is in the data, and the data has no others."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from demo import generate
from demo.defects import DEFECTS
from demo.tables import KEY
from tests.demo.sources import Sources, settings_of

#: How a spoiled cell is recognised: table, kind -> column and the test of its text.
SPOILED = {
    ("accounts", "bad_date"): ("birth_date", lambda cells: pd.to_datetime(cells, errors="coerce").isna()),
    ("order_lines", "missing_id"): ("account_no", lambda cells: cells.isna()),
    ("order_lines", "orphan_key"): ("account_no", lambda cells: cells.str.startswith("A9", na=False)),
    ("order_lines", "unknown_code"): ("status", lambda cells: cells == "??"),
    ("order_lines", "bad_date"): ("delivered_at", lambda cells: cells.str.startswith("2001-01-01", na=False)),
    ("contacts", "missing_id"): ("account_no", lambda cells: cells.isna()),
    ("contacts", "orphan_key"): ("account_no", lambda cells: cells.str.startswith("A9", na=False)),
    ("contacts", "unknown_code"): ("channel", lambda cells: cells == "telex"),
    ("points_ledger", "unknown_code"): ("entry_type", lambda cells: cells == "gift"),
    ("points_ledger", "orphan_key"): ("account_no", lambda cells: cells.str.startswith("A9", na=False)),
    ("responses", "missing_id"): ("email", lambda cells: cells.isna()),
    ("responses", "bad_date"): ("responded_at", lambda cells: pd.to_datetime(cells, errors="coerce").isna()),
    ("responses", "unknown_code"): ("survey_type", lambda cells: cells == "xsat"),
    ("responses", "out_of_range"): ("csat", lambda cells: cells == "9"),
    ("answers", "orphan_key"): ("response_id", lambda cells: cells.str.startswith("R9", na=False)),
    ("tickets", "bad_date"): ("resolved_at", lambda cells: cells.str.startswith("2001-01-01", na=False)),
    ("tickets", "unknown_code"): ("status", lambda cells: cells == "tbd"),
    ("events", "orphan_key"): ("ticket_id", lambda cells: cells.str.startswith("T9", na=False)),
    ("mentions", "missing_id"): ("author_handle", lambda cells: cells.isna()),
}
RECORDED = {
    "order_lines": ("ordered_at", "updated_at"),
    "usage_daily": ("usage_date", "recorded_at"),
    "contacts": ("occurred_at", "recorded_at"),
    "responses": ("responded_at", "recorded_at"),
    "mentions": ("occurred_at", "recorded_at"),
}


def keys_of(demo: Sources, table: str, kind: str) -> list[str]:
    truth = demo.truth("defects")
    return sorted(truth[(truth["table"] == table) & (truth["kind"] == kind)]["key"])


def row_keys(table: str, rows: pd.DataFrame) -> pd.Series:
    return rows[list(KEY[table])].astype(str).agg("|".join, axis=1)


def test_every_kind_is_planted_in_every_table_that_can_have_it(demo: Sources) -> None:
    truth = demo.truth("defects")
    planted = set(zip(truth["table"], truth["kind"], strict=True))
    persons = {"duplicate_account", "chained_account", "changed_email", "shared_switchboard", "shared_mailbox"}
    persons |= {"reused_phone", "explicit_merge", "wrong_merge", "unmerge"}
    expected = {(table, defect.kind) for table, kinds in DEFECTS.items() for defect in kinds}
    expected |= {("accounts", kind) for kind in persons} | {(table, "late") for table in RECORDED}
    assert planted == expected


@pytest.mark.parametrize(("table", "kind"), sorted(SPOILED))
def test_spoiled_cells_are_there_and_nowhere_else(demo: Sources, table: str, kind: str) -> None:
    column, is_spoiled = SPOILED[table, kind]
    rows = demo.table(table)
    found = rows[is_spoiled(rows[column])]
    if column in KEY[table]:  # the key itself is spoiled: the truth has the one it had
        assert len(found) == len(keys_of(demo, table, kind))
    else:
        assert sorted(row_keys(table, found)) == keys_of(demo, table, kind)


@pytest.mark.parametrize("table", sorted(table for table, kinds in DEFECTS.items() if kinds[0].kind == "duplicate"))
def test_duplicates_are_whole_rows_and_counted(demo: Sources, table: str) -> None:
    rows = demo.table(table)
    assert sorted(row_keys(table, rows[rows.duplicated()])) == keys_of(demo, table, "duplicate")


@pytest.mark.parametrize("table", sorted(RECORDED))
def test_late_rows_reached_their_source_days_after_the_event(demo: Sources, table: str) -> None:
    rows = demo.table(table)
    happened, recorded = (pd.to_datetime(rows[name], errors="coerce") for name in RECORDED[table])
    first = rows["status"].ne("delivered") & rows["status"].ne("refunded") if table == "order_lines" else True
    late = rows[first & ((recorded.dt.normalize() - happened.dt.normalize()).dt.days >= 2)]
    claimed = set(keys_of(demo, table, "late"))
    seen = set(row_keys(table, late))
    unreadable = set(row_keys(table, rows[happened.isna() | rows.isin(["??"]).any(axis=1)]))
    assert claimed - unreadable <= seen
    assert seen <= claimed | unreadable
    assert len(seen) > 0


def test_skewed_clocks_solve_tickets_minutes_before_they_were_opened(demo: Sources) -> None:
    tickets = demo.table("tickets")
    opened, resolved = (pd.to_datetime(tickets[name]) for name in ("opened_at", "resolved_at"))
    early = tickets[(resolved < opened) & (resolved > "2002-01-01")]
    assert sorted(early["ticket_id"]) == keys_of(demo, "tickets", "clock_skew")
    assert ((opened - resolved)[early.index] == pd.Timedelta(minutes=7)).all()


def test_one_person_has_different_identifiers_in_different_systems(demo: Sources) -> None:
    tickets, responses, mentions = demo.table("tickets"), demo.table("responses"), demo.table("mentions")
    only_phone = tickets["customer_id"].isna() & tickets["email"].isna() & tickets["phone"].notna()
    only_email = tickets["customer_id"].isna() & tickets["email"].notna()
    assert only_phone.mean() > 0.1 and only_email.mean() > 0.15
    assert responses["customer_id"].isna().mean() > 0.4
    assert mentions["customer_id"].isna().all() and mentions["author_handle"].notna().mean() > 0.9


def test_without_defects_there_are_none(tmp_path: Path) -> None:
    options = {"customers": 150, "days": 60, "end": date(2026, 11, 1)}
    generate(settings_of(tmp_path), defect_rate=0.0, **options)  # type: ignore[arg-type]
    clean = Sources(tmp_path)
    assert clean.truth("defects").empty
    assert not any(clean.table(table).duplicated().any() for table in KEY)
