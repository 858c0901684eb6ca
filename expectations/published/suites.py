"""The expectations of published tables: those of `suites.yml`, and those that column names promise (STYLE).

as_of is the night; `_share` and `_probability` lie in 0-1; `_decile` in 1-10; `_rank` is from 1; a customer_key is one
of `marts.dim_customers`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import great_expectations.expectations as gxe
import yaml
from pydantic import BaseModel, ConfigDict

from expectations.validation import Suite, meta
from warehouse.core.configuration import QualityConfig

CUSTOMERS = "marts.dim_customers"
#: Ends of column names and the range of their values.
RANGES: dict[str, tuple[float, float | None]] = {
    "_share": (0, 1),
    "_probability": (0, 1),
    "_decile": (1, 10),
    "_rank": (1, None),
    "_count": (0, None),
}


class Rules(BaseModel):
    """What `suites.yml` says of one table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: tuple[str, ...] = ()
    not_null: tuple[str, ...] = ()
    filled_by: tuple[str, ...] = ()
    varies: bool = False
    keeps_history: bool = False
    never: dict[str, str] = {}


def read_rules() -> dict[str, Rules]:
    """The rules by table (`marts.dim_customers`)."""
    content = yaml.safe_load(Path(__file__).with_name("suites.yml").read_text(encoding="utf-8"))
    return {table: Rules.model_validate(rules) for table, rules in content.items()}


def published_suite(
    table: str,
    relation: str,
    columns: Mapping[str, str],
    rules: Rules,
    as_of: date,
    used: Mapping[str, int],
    rows_before: int | None,
    quality: QualityConfig,
) -> Suite:
    """The suite of one table; `used` are the rows in use by landed table, `rows_before` those of the last release."""
    expectations = [
        *_keys(rules),
        *(_never(name, name.replace("_", " "), query) for name, query in rules.never.items()),
        *_conventions(table, columns, as_of, rules),
        *_not_empty(rules, used),
        *_not_shrunk(rules, rows_before, quality),
    ]
    return Suite(table, relation, expectations)


def _never(name: str, expected: str, query: str) -> Any:
    return gxe.UnexpectedRowsExpectation(
        unexpected_rows_query=query.replace("{batch}", "(select * from {batch})"),
        description=f"{name}: {expected}",
        severity="critical",
        meta=meta(name, "fail", expected),
    )


def _keys(rules: Rules) -> Iterator[Any]:
    for column in (*rules.key, *rules.not_null):
        expected = meta(f"{column}_not_null", "fail", f"{column} is never empty")
        yield gxe.ExpectColumnValuesToNotBeNull(column=column, severity="critical", meta=expected)
    if rules.key:
        key = ", ".join(rules.key)
        yield _never(
            "key_unique", f"one row per {key}", f"select {key} from {{batch}} group by {key} having count(*) > 1"
        )


def _conventions(table: str, columns: Mapping[str, str], as_of: date, rules: Rules) -> Iterator[Any]:
    if columns.get("as_of") == "DATE":
        wrong = (
            f"coalesce(as_of > date '{as_of}', true)"
            if rules.keeps_history
            else f"as_of is distinct from date '{as_of}'"
        )
        words = f"as_of {'up to ' if rules.keeps_history else ''}{as_of} in every row"
        yield _never("as_of_is_the_night", words, f"select as_of from {{batch}} where {wrong}")
    if "customer_key" in columns and table != CUSTOMERS and not rules.keeps_history:
        yield _never(
            "customer_known",
            f"every customer_key in {CUSTOMERS}",
            f"select customer_key from {{batch}} as holding where customer_key is not null and not exists "
            f"(select 1 from warehouse.{CUSTOMERS} as customer where customer.customer_key = holding.customer_key)",
        )
    for column, kind in columns.items():
        for ending, (low, high) in RANGES.items():
            if column.endswith(ending) and kind in ("DOUBLE", "BIGINT", "INTEGER", "HUGEINT", "FLOAT"):
                words = f"from {low}" + (f" to {high}" if high is not None else "")
                expected = meta(f"{column}_in_range", "fail", f"{column} {words}")
                yield gxe.ExpectColumnValuesToBeBetween(
                    column=column, min_value=low, max_value=high, severity="critical", meta=expected
                )


def _not_empty(rules: Rules, used: Mapping[str, int]) -> Iterator[Any]:
    feeding = [name for name in rules.filled_by if used.get(name, 0)]
    if feeding:
        expected = meta("not_empty", "fail", f"rows, since {', '.join(feeding)} has rows in use")
        yield gxe.ExpectTableRowCountToBeBetween(min_value=1, severity="critical", meta=expected)


def _not_shrunk(rules: Rules, rows_before: int | None, quality: QualityConfig) -> Iterator[Any]:
    if rules.varies or rows_before is None or rows_before < quality.fail_from_rows:
        return
    for severity, share in (("warn", quality.shrink_warn_share), ("fail", quality.shrink_fail_share)):
        least = math.ceil(rows_before * (1 - share))
        expected = meta(
            f"not_shrunk_{severity}", severity, f"at least {least:,} rows; the last release has {rows_before:,}"
        )
        yield gxe.ExpectTableRowCountToBeBetween(min_value=least, meta=expected)
