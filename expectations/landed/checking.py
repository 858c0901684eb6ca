"""The check stage: judge what a night landed, keep what is wrong in quarantine, stop when it is too much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from expectations.landed.suites import SHARE_WARN, landed_suite, visible_suite
from expectations.validation import Finding, Suite, validate
from warehouse.contracts import contracts
from warehouse.errors import CheckError
from warehouse.quarantine.files import connect, landed_relation, loads, write_schemas
from warehouse.quarantine.judging import TableNight, judge, open_night, write
from warehouse.quarantine.rules import row_rules
from warehouse.reports import StageReport, TableCount
from warehouse.settings import Settings


@dataclass(frozen=True)
class _Counts:
    """What was found in one table: new and quarantined rows, entries by rule, earlier rows that come back."""

    table: TableNight
    rows: int
    rejected: int
    by_rule: tuple[tuple[str, int], ...]
    released: int = 0


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


def _check_night(
    connection: duckdb.DuckDBPyConnection, settings: Settings, night: date
) -> list[tuple[_Counts, list[Finding]]]:
    tables = [
        open_night(settings, contract, night)
        for contract in contracts().values()
        if settings.config.mapping(contract.name) is not None
    ]
    for (held,) in connection.execute(
        "select table_name from duckdb_tables() where starts_with(table_name, 'held__')"
    ).fetchall():
        connection.execute(f"drop table {held}")
    for table in tables:
        judge(connection, settings, table)
    counted = [_count(connection, table) for table in tables]
    findings = validate(connection, _suites(connection, settings, counted), settings, "landed", night)
    _stop_on_failure(findings, settings, night)
    result = []
    for counts in counted:
        released = write(connection, counts.table)
        mine = [finding for finding in findings if finding.table == counts.table.contract.name]
        result.append((_Counts(counts.table, counts.rows, counts.rejected, counts.by_rule, released), mine))
    return result


def _count(connection: duckdb.DuckDBPyConnection, table: TableNight) -> _Counts:
    total = connection.execute(
        f"select count(*), coalesce(sum(_is_quarantined), 0) from {table.relation('landed')}"
    ).fetchone()
    by_rule = connection.execute(
        f"select rule, count(*) from {table.relation('entries')} group by rule order by count(*) desc, rule"
    ).fetchall()
    rows, rejected = total or (0, 0)
    return _Counts(table, int(rows), int(rejected), tuple(by_rule))


def _suites(connection: duckdb.DuckDBPyConnection, settings: Settings, counted: Sequence[_Counts]) -> list[Suite]:
    suites = []
    for counts in counted:
        table = counts.table
        if counts.rows:
            rules = row_rules(table.contract, settings.config, table.night)
            suites.append(landed_suite(table, rules, counts.rows, settings.config.quality))
        if table.contract.required:
            relation = landed_relation(table.contract, [load.landed for load in table.visible])
            connection.execute(f"create or replace view {table.relation('visible')} as select * from {relation}")
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


def _report(found: Sequence[tuple[_Counts, list[Finding]]], nights: Sequence[date]) -> StageReport:
    tables = tuple(_table_count(counts, findings) for counts, findings in found if counts.rows)
    notes = [f"also checked the loads of {', '.join(map(str, nights))}"] if nights else []
    for counts, findings in found:
        notes += _notes(counts, findings)
    return StageReport(
        stage="check",
        rows_in=sum(table.rows_in for table in tables),
        rows_out=sum(table.rows_out for table in tables),
        rows_rejected=sum(table.rows_rejected for table in tables),
        tables=tables,
        notes=tuple(notes),
    )


def _warnings(findings: Sequence[Finding]) -> list[Finding]:
    return [one for one in findings if one.severity == "warn" and not one.success]


def _table_count(counts: _Counts, findings: Sequence[Finding]) -> TableCount:
    status = "warn" if _warnings(findings) else "ok"
    name = counts.table.contract.name
    return TableCount(name, counts.rows, counts.rows - counts.rejected, counts.rejected, status)


def _notes(counts: _Counts, findings: Sequence[Finding]) -> list[str]:
    name = counts.table.contract.name
    notes = []
    if counts.rejected:
        rules = ", ".join(f"{rule} {count:,}" for rule, count in counts.by_rule[:3])
        more = ", ..." if len(counts.by_rule) > 3 else ""
        share = counts.rejected / counts.rows
        warned = "warning: " if SHARE_WARN in {one.name for one in _warnings(findings)} else ""
        notes.append(
            f"{warned}{name}: {counts.rejected:,} of {counts.rows:,} rows ({share:.1%}) in quarantine: {rules}{more}; "
            f"see `rapport quarantine show {name}`"
        )
    for one in _warnings(findings):
        if one.name != SHARE_WARN:
            notes.append(f"warning: {name}: {one.name}: expected {one.expected}, found {one.found}")
    if counts.released:
        notes.append(f"{name}: {counts.released:,} earlier rows left the quarantine")
    return notes
