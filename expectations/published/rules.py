"""The audit rules of the published tables, read from the yml of their dbt models.

The key of a table is that of its test `unique` or `unique_combination`. What else must hold is in `config.meta.audit`:

- `not_null`: other columns that are never empty.
- `key_may_be_empty`: key columns that may be empty.
- `filled_by`: landed tables; the table is not empty if one of them has rows in use.
- `varies`: the number of rows may change freely from night to night.
- `keeps_history`: the table keeps rows of earlier nights, of customers who may have been merged since.
- `never`: SQL that selects rows which must not exist; `{batch}` is the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from warehouse.building.dbt_process import DBT_PROJECT, SCHEMA_OF_FOLDER
from warehouse.core.errors import AuditError


class Rules(BaseModel):
    """The audit rules of one table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: tuple[str, ...]
    key_may_be_empty: tuple[str, ...] = ()
    not_null: tuple[str, ...] = ()
    filled_by: tuple[str, ...] = ()
    varies: bool = False
    keeps_history: bool = False
    never: dict[str, str] = {}


def read_rules() -> dict[str, Rules]:
    """The rules by table (`marts.dim_customers`).

    Raises:
        AuditError: a published model has no tested key.
    """
    rules = {}
    for folder, schema in SCHEMA_OF_FOLDER.items():
        for file in sorted((DBT_PROJECT / "models" / folder).rglob("*.yml")):
            content = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
            for model in content.get("models", ()):
                table = f"{schema}.{model['name']}"
                rules[table] = _rules(table, model)
    return rules


def _rules(table: str, model: Mapping[str, Any]) -> Rules:
    key = tested_key(model)
    if not key:
        raise AuditError(
            f"{table}: expected a tested key, found none; add the test unique to a column of its yml, "
            "or unique_combination to the model"
        )
    return Rules(key=key, **model.get("config", {}).get("meta", {}).get("audit", {}))


def tested_key(model: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns of the model's test `unique_combination`, else its first column with the test `unique`, else none."""
    for test in model.get("data_tests", ()):
        if isinstance(test, dict) and "unique_combination" in test:
            return tuple(test["unique_combination"]["arguments"]["columns"])
    for column in model["columns"]:
        if "unique" in column.get("data_tests", ()):
            return (column["name"],)
    return ()
