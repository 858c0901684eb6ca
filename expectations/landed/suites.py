"""The expectations of landed tables, derived from their contracts."""

from __future__ import annotations

from typing import Any

import great_expectations.expectations as gxe

from expectations.validation import Suite, meta
from warehouse.contracts import LANDING_COLUMNS, Contract
from warehouse.core.configuration import QualityConfig
from warehouse.quarantine.judging import TableNight
from warehouse.quarantine.rules import RowRule

SHARE_FAIL = "quarantine_share"
SHARE_WARN = "quarantine_share_warning"
NOT_EMPTY = "not_empty"


def landed_suite(table: TableNight, rules: tuple[RowRule, ...], new_rows: int, quality: QualityConfig) -> Suite:
    """What the new rows of a table have to satisfy; row rules have the SQL that also fills the quarantine."""
    return Suite(
        table.contract.name,
        table.relation("landed"),
        [_columns(table.contract), *(_row_rule(rule) for rule in rules), *_shares(new_rows, quality)],
    )


def visible_suite(table: TableNight) -> Suite:
    """What a required table has to satisfy over all nights."""
    not_empty = gxe.ExpectTableRowCountToBeBetween(min_value=1, meta=meta(NOT_EMPTY, "fail", "at least one row"))
    return Suite(f"{table.contract.name} (all nights)", table.relation("visible"), [not_empty])


def _columns(contract: Contract) -> Any:
    names = [*contract.columns, *LANDING_COLUMNS, "_quarantined_share"]
    expected = meta("columns", "fail", "the contract's columns and those of landing")
    return gxe.ExpectTableColumnsToMatchSet(column_set=names, exact_match=False, meta=expected)


def _row_rule(rule: RowRule) -> Any:
    failing = rule.failing.replace("{", "{{").replace("}", "}}")
    return gxe.UnexpectedRowsExpectation(
        unexpected_rows_query=f"select _load_id, _row_number from {{batch}} where {failing}",
        description=f"{rule.name} ({rule.severity}): {rule.meaning}",
        severity="critical" if rule.severity == "fail" else "warning",
        meta=meta(rule.name, rule.severity, f"no row with: {rule.meaning}"),
    )


def _shares(new_rows: int, quality: QualityConfig) -> list[Any]:
    limits = [(SHARE_WARN, "warn", quality.quarantine_warn_share)]
    if new_rows >= quality.fail_from_rows:
        limits.append((SHARE_FAIL, "fail", quality.quarantine_fail_share))
    return [
        gxe.ExpectColumnMaxToBeBetween(
            column="_quarantined_share",
            max_value=limit,
            severity="critical" if severity == "fail" else "warning",
            meta=meta(name, severity, f"at most {limit:.0%} of the new rows in quarantine"),
        )
        for name, severity, limit in limits
    ]
