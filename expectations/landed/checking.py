"""Stage *check*: quarantine rows of a night that break a row rule; stop the night if there are too many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from expectations.landed.suites import SHARE_WARN, landed_suite, visible_suite
from expectations.validation import Finding, Suite, validate
from warehouse.contracts import contracts
from warehouse.core.errors import CheckError
from warehouse.core.reports import StageReport, TableCount
from warehouse.core.settings import Settings
from warehouse.quarantine.files import connect, landed_relation, loads, write_schemas
from warehouse.quarantine.row_checks import RuleResults, apply_rules, write_results
from warehouse.quarantine.rules import row_rules
from warehouse.quarantine.state import drop_state, table_night


@dataclass(frozen=True)
class _Checked:
    """One table of one night: rule results, findings, and the number of earlier rows released."""

    results: RuleResults
    findings: tuple[Finding, ...]
    released: int


def check(settings: Settings, as_of: date) -> StageReport:
    """Check the loads of the night, and loads of earlier nights that were never checked.

    Rows that break a rule go to `lake/quarantine`, one entry per rule. Rows that waited for another row, or for their
    own date, are released. A second run gives the same result.

    Raises:
        CheckError: an expectation marked *fail* does not hold; then nothing of that night is written.
    """
    with connect(settings) as connection:
        write_schemas(connection, settings)
        nights = _unchecked_nights(settings, as_of)
        found = [one for night in [*nights, as_of] for one in _check_night(connection, settings, night)]
    return _report(found, nights)


def _unchecked_nights(settings: Settings, as_of: date) -> list[date]:
    known = [load for contract in contracts().values() for load in loads(settings, contract, as_of)]
    return sorted({load.night for load in known if load.night < as_of and not load.is_checked})


def _check_night(connection: duckdb.DuckDBPyConnection, settings: Settings, night: date) -> list[_Checked]:
    drop_state(connection)
    results = [
        apply_rules(connection, settings, table_night(settings, contract, night))
        for contract in contracts().values()
        if settings.config.mapping(contract.name) is not None
    ]
    findings = validate(connection, _suites(connection, settings, results), settings, "landed", night)
    _stop_on_failure(findings, settings, night)
    return [
        _Checked(
            one,
            tuple(finding for finding in findings if finding.table == one.table.contract.name),
            write_results(connection, one.table),
        )
        for one in results
    ]


def _suites(connection: duckdb.DuckDBPyConnection, settings: Settings, results: Sequence[RuleResults]) -> list[Suite]:
    suites = []
    for one in results:
        table = one.table
        if one.rows:
            rules = row_rules(table.contract, settings.config)
            suites.append(landed_suite(table, rules, one.rows, settings.config.quality))
        if table.contract.required:
            landed = [load.landed for load in loads(settings, table.contract, date.max)]
            known = f"from {landed_relation(table.contract, landed)} where _as_of <= date '{table.night}'"
            connection.execute(f"create or replace view {table.relation('visible')} as {known}")
            suites.append(visible_suite(table))
    return suites


def _stop_on_failure(findings: Sequence[Finding], settings: Settings, night: date) -> None:
    broken = [one for one in findings if not one.success and (one.severity == "fail" or one.is_unevaluated)]
    if not broken:
        return
    first = broken[0]
    more = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
    raise CheckError(
        f"night {night}: {first.table}: {first.name}: expected {first.expected}, found {first.found}{more}; "
        f"correct the source, or change the limit under `quality` in {settings.config_path}; details in "
        f"{settings.validation / 'data_docs' / 'index.html'}"
    )


def _report(checked: Sequence[_Checked], nights: Sequence[date]) -> StageReport:
    tables = tuple(_table_count(one) for one in checked if one.results.rows)
    notes = [f"also checked the loads of {', '.join(map(str, nights))}"] if nights else []
    for one in checked:
        notes += _notes(one)
    return StageReport(
        stage="check",
        rows_in=sum(table.rows_in for table in tables),
        rows_out=sum(table.rows_out for table in tables),
        rows_rejected=sum(table.rows_rejected for table in tables),
        tables=tables,
        notes=tuple(notes),
    )


def _warnings(checked: _Checked) -> list[Finding]:
    return [one for one in checked.findings if one.severity == "warn" and not one.success]


def _table_count(checked: _Checked) -> TableCount:
    results, status = checked.results, "warn" if _warnings(checked) else "ok"
    name = results.table.contract.name
    return TableCount(name, results.rows, results.rows - results.rejected, results.rejected, status)


def _notes(checked: _Checked) -> list[str]:
    results, warnings = checked.results, _warnings(checked)
    name = results.table.contract.name
    notes = []
    if results.rejected:
        rules = ", ".join(f"{rule} {count:,}" for rule, count in results.by_rule[:3])
        more = ", ..." if len(results.by_rule) > 3 else ""
        warned = "warning: " if SHARE_WARN in {one.name for one in warnings} else ""
        notes.append(
            f"{warned}{name}: {results.rejected:,} of {results.rows:,} rows ({results.rejected / results.rows:.1%}) "
            f"in quarantine: {rules}{more}; see `rapport quarantine show {name}`"
        )
    for one in warnings:
        if one.name != SHARE_WARN:
            notes.append(f"warning: {name}: {one.name}: expected {one.expected}, found {one.found}")
    if checked.released:
        notes.append(f"{name}: {checked.released:,} earlier rows left the quarantine")
    return notes
