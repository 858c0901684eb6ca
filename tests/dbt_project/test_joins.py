"""Rules for joins, checked in the SQL of the models."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.dbt_project.test_seeds import MODELS

#: An outer join, the name of its right side, and its condition up to the next clause.
OUTER_JOIN = re.compile(
    r"\b(?:left|full) join (?:\S+ as )?(\w+)\s+on\s+(.*?)"
    r"(?=\b(?:left|full|inner|cross) join\b|\bwhere\b|\bgroup by\b|\n\)|\Z)",
    re.DOTALL,
)
ALONE = re.compile(r"(?:^|\band|\bor)\s*\b(\w+)\.\w+ (?:[!<>=]+|is|is not|in) (?:'[^']*'|\d+|null|true|false|\()")


def one_sided(sql: str) -> list[str]:
    """Conditions of outer joins on the left side alone: each makes DuckDB compare every pair of rows."""
    return [
        condition.group().strip()
        for join in OUTER_JOIN.finditer(sql)
        for condition in ALONE.finditer(join.group(2))
        if condition.group(1) != join.group(1)
    ]


def test_an_outer_join_condition_on_the_left_side_alone_is_found() -> None:
    sql = "select * from texts left join answers on texts.source = 'survey' and texts.id = answers.id)"
    assert one_sided(sql) == ["texts.source = 'survey'"]
    assert one_sided(sql.replace("texts.source =", "answers.source =")) == []


@pytest.mark.parametrize("model", MODELS, ids=lambda file: file.stem)
def test_outer_joins_do_not_compare_every_pair_of_rows(model: Path) -> None:
    assert one_sided(model.read_text(encoding="utf-8")) == []
