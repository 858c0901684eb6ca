"""The expectations of published tables: their rules (see `rules`), and the conventions of column names.

`as_of` is the night. `_share` and `_probability` are in 0-1, `_decile` in 1-10, `_rank` from 1, `_count` from 0. Every
`customer_key` is in `marts.dim_customers`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import great_expectations.expectations as gxe

from expectations.published.rules import Rules
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
    filled = [column for column in rules.key if column not in rules.key_may_be_empty]
    for column in dict.fromkeys((*filled, *rules.not_null)):
        expected = meta(f"{column}_not_null", "fail", f"{column} is never empty")
        yield gxe.ExpectColumnValuesToNotBeNull(column=column, severity="critical", meta=expected)
    key = ", ".join(rules.key)
    yield _never("key_unique", f"one row per {key}", f"select {key} from {{batch}} group by {key} having count(*) > 1")


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
