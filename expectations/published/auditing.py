"""The audit stage: checks every table that is about to be published, and compares its row accounts with the lake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import duckdb

from expectations.published.rules import Rules, read_rules
from expectations.published.suites import published_suite
from expectations.validation import Finding, Suite, validate
from warehouse.building.dbt_process import PUBLISHED_SCHEMAS
from warehouse.contracts import contracts
from warehouse.core.errors import AuditError
from warehouse.core.quoting import literal
from warehouse.core.reports import StageReport, TableCount
from warehouse.core.settings import Settings
from warehouse.quarantine.files import connect, landed_relation, loads

Columns = dict[str, dict[str, str]]


def audit(settings: Settings, as_of: date) -> StageReport:
    """Evaluate the suites of all tables of `marts`, `scores` and `quality` in the warehouse, which is only read.

    Raises:
        AuditError: the warehouse or a table is missing, a table has no tested key, or an expectation marked *fail* does
            not hold.
    """
    if not settings.warehouse_file.exists():
        raise AuditError(
            f"{settings.warehouse_file}: no such warehouse; run the stages build and decide for {as_of} first"
        )
    with connect(settings) as connection:
        connection.execute(f"attach {literal(str(settings.warehouse_file))} as warehouse (read_only)")
        columns = _tables(connection)
        rules = read_rules()
        _require(settings, as_of, sorted(rules.keys() - columns.keys()))
        _refuse(settings, sorted(columns.keys() - rules.keys()))
        _make_lake_accounts(connection, settings, as_of)
        suites = list(_suites(connection, settings, as_of, columns, rules))
        findings = validate(connection, suites, settings, "published", as_of)
        rows = {table: _rows(connection, f"warehouse.{table}") for table in columns}
    _stop_on_failure(settings, as_of, findings)
    return _report(rows, findings)


def _tables(connection: duckdb.DuckDBPyConnection) -> Columns:
    found: Columns = {}
    for schema, table, column, kind in connection.execute(
        """
        select schema_name, table_name, column_name, data_type from duckdb_columns()
        where database_name = 'warehouse' and schema_name in (select unnest(?))
        order by schema_name, table_name, column_index
        """,
        [list(PUBLISHED_SCHEMAS)],
    ).fetchall():
        found.setdefault(f"{schema}.{table}", {})[column] = kind
    return found


def _require(settings: Settings, as_of: date, missing: Sequence[str]) -> None:
    if missing:
        raise AuditError(
            f"{settings.warehouse_file}: expected the table {' and '.join(missing)}, found none of that name; "
            f"run the stages build and decide for {as_of}, then audit; readers keep the last release"
        )


def _refuse(settings: Settings, unknown: Sequence[str]) -> None:
    if unknown:
        raise AuditError(
            f"{settings.warehouse_file}: {' and '.join(unknown)}: expected a dbt model with a tested key, found none; "
            "write its yml, or, where an earlier version of the project left the table behind, delete the warehouse "
            "file and run the night again; readers keep the last release"
        )


def _make_lake_accounts(connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: date) -> None:
    """Count the landed rows in the files of the lake, to compare `quality.row_accounts` with."""
    counts = []
    for contract in contracts().values():
        files = [load.landed for load in loads(settings, contract, date.max)]
        known = f"(from {landed_relation(contract, files)} where _as_of <= date '{as_of}')"
        rows = _rows(connection, known) if files else 0
        counts.append(f"('{contract.source}', '{contract.table}', {rows})")
    connection.execute(
        f"create table lake_accounts as from (values {', '.join(counts)}) as t(source, table_name, landed)"
    )


def _suites(
    connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: date, columns: Columns, rules: dict[str, Rules]
) -> Iterator[Suite]:
    used = dict(
        connection.execute("select source || '.' || table_name, used from warehouse.quality.row_accounts").fetchall()
    )
    before = _rows_before(connection, settings, as_of)
    for table, kinds in columns.items():
        relation = "published__" + table.replace(".", "__")
        connection.execute(f"create view {relation} as select * from warehouse.{table}")
        yield published_suite(
            table,
            relation,
            kinds,
            rules[table],
            as_of,
            used,
            before.get(table),
            settings.config.quality,
        )


def _rows_before(connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: date) -> dict[str, int]:
    """Rows per table of the current release; nothing where there is none, or it is of a later night."""
    release = (settings.serving / "customer_360.duckdb").resolve()
    if not release.exists():
        return {}
    connection.execute(f"attach {literal(str(release))} as release (read_only)")
    night = connection.execute("select max(as_of) from release.meta.releases").fetchone()
    if night is None or night[0] is None or night[0] > as_of:
        return {}
    tables = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'release'"
    ).fetchall()
    return {table: _rows(connection, f"release.{table}") for (table,) in tables}


def _rows(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    found = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(found[0]) if found else 0


def _stop_on_failure(settings: Settings, as_of: date, findings: Sequence[Finding]) -> None:
    broken = [one for one in findings if not one.success and (one.severity == "fail" or one.is_unevaluated)]
    if broken:
        first = broken[0]
        more = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
        docs = settings.validation / "data_docs" / "index.html"
        raise AuditError(
            f"night {as_of}: {first.table}: {first.name}: expected {first.expected}, found {first.found}{more}; "
            f"nothing is published, readers keep the last release; correct the model or the source, then run the "
            f"stages build, score, decide and audit again; details in {docs}"
        )


def _report(rows: dict[str, int], findings: Sequence[Finding]) -> StageReport:
    warned = [one for one in findings if not one.success]
    troubled = {one.table for one in warned}
    tables = tuple(
        TableCount(table, count, count, status="warn" if table in troubled else "ok") for table, count in rows.items()
    )
    total = sum(rows.values())
    notes = [f"warning: {one.table}: {one.name}: expected {one.expected}, found {one.found}" for one in warned]
    return StageReport("audit", total, total, 0, tables, (*notes, f"{len(findings)} expectations hold or warn"))
