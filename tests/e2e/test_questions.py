"""The questions of `docs/questions/` have answers on a published night."""

from __future__ import annotations

import duckdb

from tests.company import Company
from warehouse.building.documentation import questions

#: Questions whose answer may be empty: what moved at random only, what nobody is asked about.
MAY_BE_EMPTY = ("In which regions", "By which chain", "Which complaints of grade")


def test_every_question_of_the_documentation_runs_and_has_an_answer(trained: Company) -> None:
    with duckdb.connect(str(trained.published), read_only=True) as reader:
        answers = {question: reader.execute(query).fetchall() for question, query in questions().items()}
    assert len(answers) >= 10
    assert [text for text, rows in answers.items() if not rows and not text.startswith(MAY_BE_EMPTY)] == []


def test_every_published_table_and_column_says_what_it_is(trained: Company) -> None:
    with duckdb.connect(str(trained.published), read_only=True) as reader:
        silent = reader.execute(
            "select schema_name, table_name, null from duckdb_tables() where coalesce(comment, '') = '' union all "
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where not internal and coalesce(comment, '') = ''"
        ).fetchall()
    assert silent == []


def test_every_published_table_has_rows(trained: Company) -> None:
    assert [name for name, rows in trained.contents().items() if rows.startswith("0 rows")] in (
        [],
        ["marts.identity_links"],
    )
