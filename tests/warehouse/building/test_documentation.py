"""What `docs/warehouse.md` says is what the project publishes, and its questions have answers."""

from __future__ import annotations

from warehouse.building.documentation import TARGET, documentation, documented_tables, questions


def test_the_page_is_that_of_the_project() -> None:
    assert TARGET.read_text(encoding="utf-8") == documentation(), "run `make docs`"


def test_every_table_says_its_grain_and_every_column_its_meaning() -> None:
    tables = documented_tables()
    assert [table.name for table in tables if not table.description.startswith("One row")] == []
    assert [
        (table.name, name) for table in tables for name, kind, text, _ in table.columns if not (kind and text)
    ] == []


def test_at_least_ten_questions_are_answered() -> None:
    asked = questions()
    assert len(asked) >= 10
    assert all(question.endswith("?") and query for question, query in asked.items())
