"""The pages of `docs/warehouse/` describe what the project publishes, and the example questions have SQL."""

from __future__ import annotations

from warehouse.building.documentation import TARGET, documentation, documented_tables, questions


def test_the_pages_are_those_of_the_project() -> None:
    written = {file.name: file.read_text(encoding="utf-8") for file in TARGET.glob("*.md")}
    assert written == documentation(), "run `make docs`"


def test_every_table_has_its_grain_and_every_column_a_description() -> None:
    tables = documented_tables()
    assert [table.name for table in tables if not table.description.startswith("One row")] == []
    assert [
        (table.name, name) for table in tables for name, kind, text, _ in table.columns if not (kind and text)
    ] == []


def test_every_published_table_is_in_the_index_and_on_the_page_of_its_domain() -> None:
    pages = documentation()
    for table in documented_tables():
        assert f"]({table.domain}.md#{table.schema}{table.name})" in pages["README.md"]
        assert f"\n## {table.schema}.{table.name}\n" in pages[f"{table.domain}.md"]


def test_the_map_shows_the_inputs_and_the_readers_of_a_model() -> None:
    page = documentation()["intermediate.md"].split("## intermediate/alerts\n")[1].split("\n## ")[0]
    assert "    int_alerts__conditions --> int_alerts__episodes\n" in page
    assert "    int_alerts__episodes --> alerts([alerts])\n" in page


def test_at_least_ten_questions_are_answered() -> None:
    asked = questions()
    assert len(asked) >= 10
    assert all(question.endswith("?") and query for question, query in asked.items())
