"""The check stage: judge what a night landed, keep what is wrong in quarantine, stop when it is too much."""

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
from warehouse.quarantine.judging import Judged, forget_state, judge, open_night, write
from warehouse.quarantine.rules import row_rules


@dataclass(frozen=True)
class _Checked:
    """One table of one night: what was found, and how many earlier rows come back."""

    judged: Judged
    findings: tuple[Finding, ...]
    released: int


def check(settings: Settings, as_of: date) -> StageReport:
    """Check the loads of the night, and those of earlier nights that were never checked.

    Rows that break a rule go to `lake/quarantine`, one entry a rule; those that only waited for another row (or for
    their own date) are released. Running it again gives the same.

    Raises:
        CheckError: an expectation marked *fail* does not hold; nothing of that night is written then.
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
    forget_state(connection)
    judged = [
        judge(connection, settings, open_night(settings, contract, night))
        for contract in contracts().values()
        if settings.config.mapping(contract.name) is not None
    ]
    findings = validate(connection, _suites(connection, settings, judged), settings, "landed", night)
    _stop_on_failure(findings, settings, night)
    return [
        _Checked(
            one,
            tuple(finding for finding in findings if finding.table == one.table.contract.name),
            write(connection, one.table),
        )
        for one in judged
    ]


def _suites(connection: duckdb.DuckDBPyConnection, settings: Settings, judged: Sequence[Judged]) -> list[Suite]:
    suites = []
    for one in judged:
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
        f"correct the source, or accept it under `quality` in {settings.config_path}; details in "
        f"{settings.validation / 'data_docs' / 'index.html'}"
    )


def _report(checked: Sequence[_Checked], nights: Sequence[date]) -> StageReport:
    tables = tuple(_table_count(one) for one in checked if one.judged.rows)
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
    judged, status = checked.judged, "warn" if _warnings(checked) else "ok"
    name = judged.table.contract.name
    return TableCount(name, judged.rows, judged.rows - judged.rejected, judged.rejected, status)


def _notes(checked: _Checked) -> list[str]:
    judged, warnings = checked.judged, _warnings(checked)
    name = judged.table.contract.name
    notes = []
    if judged.rejected:
        rules = ", ".join(f"{rule} {count:,}" for rule, count in judged.by_rule[:3])
        more = ", ..." if len(judged.by_rule) > 3 else ""
        warned = "warning: " if SHARE_WARN in {one.name for one in warnings} else ""
        notes.append(
            f"{warned}{name}: {judged.rejected:,} of {judged.rows:,} rows ({judged.rejected / judged.rows:.1%}) "
            f"in quarantine: {rules}{more}; see `rapport quarantine show {name}`"
        )
    for one in warnings:
        if one.name != SHARE_WARN:
            notes.append(f"warning: {name}: {one.name}: expected {one.expected}, found {one.found}")
    if checked.released:
        notes.append(f"{name}: {checked.released:,} earlier rows left the quarantine")
    return notes
