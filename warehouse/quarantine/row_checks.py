"""Row rules, applied once: which landed row breaks which rule, and the quarantine entries that follow.

Everything stays in the DuckDB session until it is written. Per landed table there are these relations: `broken__...`
(one row per new row and broken rule of any severity), `entries__...` (those that quarantine the row), `landed__...`
(the new rows). Great Expectations reads `broken__...`; the rules are not evaluated again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from warehouse.contracts import Contract
from warehouse.core.errors import CheckError
from warehouse.core.quoting import identifier, literal
from warehouse.core.settings import Settings
from warehouse.quarantine.files import landed_relation, quarantine_relation, write_entries
from warehouse.quarantine.rules import RowRule, row_rules
from warehouse.quarantine.state import (
    TableNight,
    make_parent_keys,
    make_state,
    release_passing,
    rewrite_released,
)


@dataclass(frozen=True)
class RuleResults:
    """Results for the new loads of a table: its rows, quarantined rows, and entries by rule (most first)."""

    table: TableNight
    rows: int
    rejected: int
    by_rule: tuple[tuple[str, int], ...]


def apply_rules(connection: duckdb.DuckDBPyConnection, settings: Settings, table: TableNight) -> RuleResults:
    """Apply all row rules to the new loads of a table, and release earlier entries whose rule no longer fails.

    Tables are checked in the order of `contracts()`, because a quarantined parent is no parent.

    Raises:
        CheckError: a file of the lake cannot be read, or the SQL of a rule cannot be evaluated.
    """
    config, contract = settings.config, table.contract
    relation = landed_relation(contract, [load.landed for load in table.new])
    try:
        make_parent_keys(connection, settings, contract, table.night)
        landed = _with_all_columns(connection, contract, relation)
    except duckdb.Error as error:
        raise CheckError(
            f"{contract.name}: a file of the lake cannot be read ({str(error).splitlines()[0]}); "
            "restore it from a backup"
        ) from error
    try:
        _make_broken(connection, table, row_rules(contract, config), landed)
    except duckdb.Error as error:
        raise CheckError(
            f"{contract.name}: a row rule cannot be evaluated: {str(error).splitlines()[0]}; correct `rules` in "
            f"warehouse/contracts/{contract.source}_{contract.table}.yml"
        ) from error
    connection.execute(f"""
        create or replace view {table.relation("entries")} as
        select * exclude (severity) from {table.relation("broken")} where severity = 'quarantine'
    """)
    make_state(connection, table)
    release_passing(connection, table, [rule for rule in row_rules(contract, config, table.night) if rule.is_retried])
    results = _count(connection, table, relation)
    share = results.rejected / results.rows if results.rows else 0.0
    connection.execute(f"""
        create or replace view {table.relation("landed")} as
        select *, cast({share!r} as double) as _quarantined_share from {relation}
    """)
    return results


def write_results(connection: duckdb.DuckDBPyConnection, table: TableNight) -> int:
    """Write the entries of the new loads and the releases of earlier ones; the number of landed rows released."""
    entries, state = table.relation("entries"), table.relation("state")
    for load in table.new:
        released = "entry.released_as_of"
        join = ""
        if load.is_checked:  # a later night, or a replay, may have released what this night quarantines
            released = "coalesce(entry.released_as_of, earlier.released_as_of)"
            join = f"""left join {quarantine_relation([load.quarantine])} as earlier
                on entry._row_number = earlier._row_number and entry.rule = earlier.rule
                and earlier.released_as_of > date '{table.night}'"""
        query = f"""select entry.* exclude (released_as_of), {released} as released_as_of
            from {entries} as entry {join} where entry._load_id = {literal(load.load_id)}"""
        write_entries(connection, query, load.quarantine)
    changed = {
        name
        for (name,) in connection.execute(f"select distinct _load_id from {state} where is_released_now").fetchall()
    }
    for load in table.earlier:
        if load.load_id in changed:
            rewrite_released(connection, load, state)
    found = connection.execute(
        f"select count(*) from (select distinct _load_id, _row_number from {state} where is_released_now)"
    ).fetchone()
    return int(found[0]) if found else 0


def _make_broken(
    connection: duckdb.DuckDBPyConnection, table: TableNight, rules: Sequence[RowRule], landed: str
) -> None:
    broken = ", ".join(
        f"case when {rule.failing} then {{'rule': {literal(rule.name)}, 'severity': {literal(rule.severity)}, "
        f"'reason': {rule.reason}, 'passes_from': {rule.passes_from}}} end"
        for rule in rules
    )
    contract = table.contract
    connection.execute(f"""
        create or replace table {table.relation("broken")} as
        with checked as (
            select landing, list_filter([{broken}], lambda result: result is not null) as broken
            from {landed} as landing
        ), failing as (
            select landing, unnest(broken) as result from checked where len(broken) > 0
        )
        select
            {literal(contract.source)} as source,
            {literal(contract.table)} as table_name,
            landing._load_id,
            landing._row_number,
            landing._as_of,
            result.rule as rule,
            result.severity as severity,
            result.reason as reason,
            case when result.severity = 'quarantine' then cast(to_json(landing) as varchar) end as "row",
            case when result.passes_from <= date '{table.night}' then result.passes_from end as released_as_of
        from failing
    """)


def _with_all_columns(connection: duckdb.DuckDBPyConnection, contract: Contract, relation: str) -> str:
    """The relation with empty columns in place of missing ones, which an expectation of their own reports."""
    found = {row[0] for row in connection.execute(f"describe from {relation}").fetchall()}
    missing = "".join(
        f", cast(null as {kind}) as {identifier(name)}"
        for name, kind in contract.landed_types.items()
        if name not in found
    )
    return f"(select *{missing} from {relation})" if missing else relation


def _count(connection: duckdb.DuckDBPyConnection, table: TableNight, relation: str) -> RuleResults:
    entries = f"(from {table.relation('entries')} where released_as_of is null)"
    rows = connection.execute(f"select count(*) from {relation}").fetchall()[0][0]
    rejected = connection.execute(
        f"select count(*) from (select distinct _load_id, _row_number from {entries})"
    ).fetchall()[0][0]
    by_rule = connection.execute(
        f"select rule, count(*) from {entries} group by rule order by count(*) desc, rule"
    ).fetchall()
    return RuleResults(table, rows, rejected, tuple(by_rule))
