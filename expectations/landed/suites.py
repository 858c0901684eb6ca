"""The expectations of landed tables, derived from their contracts."""

from __future__ import annotations

from typing import Any

import great_expectations.expectations as gxe

from expectations.validation import Suite, meta
from warehouse.contracts import LANDING_COLUMNS, Contract
from warehouse.core.configuration import QualityConfig
from warehouse.core.quoting import literal
from warehouse.quarantine.rules import RowRule
from warehouse.quarantine.state import TableNight

SHARE_FAIL = "quarantine_share"
SHARE_WARN = "quarantine_share_warning"
NOT_EMPTY = "not_empty"


def landed_suite(table: TableNight, rules: tuple[RowRule, ...], new_rows: int, quality: QualityConfig) -> Suite:
    """Expectations of the new rows of a table; those of row rules read the results in `broken__...`."""
    return Suite(
        table.contract.name,
        table.relation("landed"),
        [
            _columns(table.contract),
            *(_row_rule(rule, table.relation("broken")) for rule in rules),
            *_shares(new_rows, quality),
        ],
    )


def visible_suite(table: TableNight) -> Suite:
    """Expectations of a required table over all nights."""
    not_empty = gxe.ExpectTableRowCountToBeBetween(min_value=1, meta=meta(NOT_EMPTY, "fail", "at least one row"))
    return Suite(f"{table.contract.name} (all nights)", table.relation("visible"), [not_empty])


def _columns(contract: Contract) -> Any:
    names = [*contract.columns, *LANDING_COLUMNS, "_quarantined_share"]
    expected = meta("columns", "fail", "the contract's columns and those of landing")
    return gxe.ExpectTableColumnsToMatchSet(column_set=names, exact_match=False, meta=expected)


def _row_rule(rule: RowRule, broken: str) -> Any:
    """No row breaks the rule. GX requires `{batch}` in a query: here it is in the comment that states the condition."""
    failing = rule.failing.replace("{", "{{").replace("}", "}}")
    return gxe.UnexpectedRowsExpectation(
        unexpected_rows_query=(
            f"select _load_id, _row_number from {broken} where rule = {literal(rule.name)} "
            f"/* rows of {{batch}} where {failing} */"
        ),
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
