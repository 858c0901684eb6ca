"""Descriptions in the yml files of the dbt project are read as they are written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from warehouse.core.settings import PROJECT

DBT = PROJECT / "dbt_project"
FILES = sorted(file for folder in ("models", "seeds") for file in (DBT / folder).rglob("*.yml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(DBT).as_posix())
def test_no_description_is_cut_at_an_unquoted_comma(file: Path) -> None:
    """In `{name: x, description: first, second}` YAML reads `second` as a key without a value."""
    assert [(name, key) for name, column in _columns(file) for key, value in column.items() if value is None] == []


def _columns(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    tables = [*content.get("models", ()), *content.get("seeds", ())]
    tables += [table for source in content.get("sources", ()) for table in source.get("tables", ())]
    for table in tables:
        yield table["name"], table
        for column in table.get("columns", ()):
            yield f"{table['name']}.{column['name']}", column
