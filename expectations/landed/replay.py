"""Replay: quarantined rows are checked against the current rules; rows that pass are released."""

from __future__ import annotations

from datetime import date

import duckdb

from warehouse.contracts import Contract, contracts
from warehouse.core.errors import ConfigurationError
from warehouse.core.reports import StageReport, TableCount
from warehouse.core.settings import Settings
from warehouse.quarantine.files import connect, loads, quarantine_relation
from warehouse.quarantine.rules import cells_rejected, row_rules
from warehouse.quarantine.state import make_parent_keys, rewrite_released, stored_rows


def replay(settings: Settings, as_of: date, table: str | None = None) -> StageReport:
    """Check every quarantined row against the current contracts and configuration; release rows that break no rule.

    A released row is used from the night `as_of` on; earlier nights do not change. A row keeps the cells it landed
    with: a cell that did not fit the contract's type stays in quarantine until the source sends the row again.

    Raises:
        ConfigurationError: there is no such table.
    """
    if table is not None and table not in contracts():
        raise ConfigurationError(f"there is no table {table}; expected one of {', '.join(contracts())}")
    counts = []
    with connect(settings) as connection:
        for name, contract in contracts().items():
            if table in (None, name):
                counts.append(_replay(connection, settings, contract, as_of))
    tables = tuple(count for count in counts if count.rows_in)
    return StageReport(
        stage="replay",
        rows_in=sum(count.rows_in for count in tables),
        rows_out=sum(count.rows_out for count in tables),
        rows_rejected=sum(count.rows_rejected for count in tables),
        tables=tables,
        notes=(f"released rows are used from the night {as_of} on",) if any(one.rows_out for one in tables) else (),
    )


def _replay(connection: duckdb.DuckDBPyConnection, settings: Settings, contract: Contract, as_of: date) -> TableCount:
    checked = [load for load in loads(settings, contract, as_of) if load.is_checked]
    make_parent_keys(connection, settings, contract, as_of)
    quarantined = f"""(select * from {quarantine_relation([load.quarantine for load in checked])}
        where released_as_of is null or released_as_of > date '{as_of}')"""
    rules = [rule.failing for rule in row_rules(contract, settings.config, as_of) if rule.severity == "quarantine"]
    broken = " or ".join(f"coalesce({failing}, false)" for failing in [*rules, cells_rejected(contract)])
    connection.execute(f"""
        create or replace table replayed as
        select _load_id, _row_number, rule, date '{as_of}' as released_as_of, not ({broken}) as is_released_now
        from {stored_rows(contract, quarantined)}
    """)
    for load in checked:
        if _count(connection, f"is_released_now and _load_id = '{load.load_id}'"):
            rewrite_released(connection, load, "replayed")
    rows, released = _count(connection, "true"), _count(connection, "is_released_now")
    return TableCount(contract.name, rows, released, rows - released)


def _count(connection: duckdb.DuckDBPyConnection, condition: str) -> int:
    query = f"select count(*) from (select distinct _load_id, _row_number from replayed where {condition})"
    found = connection.execute(query).fetchone()
    return int(found[0]) if found else 0
