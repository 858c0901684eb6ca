"""The CRM in SQLite and in PostgreSQL holds the same rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import psycopg2
import pytest

from demo import generate
from demo.tables import CRM
from tests.demo.sources import Sources, settings_of
from warehouse.core.errors import SourceError


def make(home: Path, url: str | None) -> None:
    generate(settings_of(home), customers=120, days=30, end=date(2026, 11, 1), defect_rate=0.1, database_url=url)
    generate(settings_of(home), append_day=date(2026, 11, 1), database_url=url)


def test_postgresql_holds_the_same_rows_as_sqlite(tmp_path: Path, postgres_url: str) -> None:
    make(tmp_path / "lite", None)
    make(tmp_path / "postgres", postgres_url)
    lite = Sources(tmp_path / "lite")
    assert not (tmp_path / "postgres" / "demo" / "crm.db").exists()
    with psycopg2.connect(postgres_url) as connection, connection.cursor() as cursor:
        for table, columns in CRM.items():
            texts = [_as_text(name, kind) for name, kind in columns.items()]
            cursor.execute(f"select {', '.join(texts)} from {table} order by ctid")
            expected = lite.table(table).values.tolist()
            assert [list(row) for row in cursor.fetchall()] == expected, table
            assert expected, table


def _as_text(name: str, kind: str) -> str:
    if kind == "TIMESTAMP":
        return f"to_char({name}, 'YYYY-MM-DD HH24:MI:SS.US')"
    if kind == "BOOLEAN":
        return f"{name}::int::text"
    if kind == "DOUBLE PRECISION":
        return f"case when {name} = trunc({name}) then {name}::text || '.0' else {name}::text end"
    return f"{name}::text"


def test_a_database_that_does_not_answer_is_named_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot connect") as refused:
        make(tmp_path, "postgresql://nobody@127.0.0.1:1/none")
    assert "\n" not in str(refused.value)
