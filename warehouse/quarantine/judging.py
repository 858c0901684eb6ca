"""Judging landed rows: which rule each breaks, and which quarantined rows may come back.

Works on a DuckDB connection and keeps its findings there until they are written: a table of new entries per landed
table (`entries__<source>__<table>`) and the state of its whole quarantine (`held__...`), so that the tables which
refer to it see its rows as they will be after this night.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from warehouse.contracts import LAKE_TYPE, LANDING_COLUMNS, Contract, contracts
from warehouse.core.quoting import identifier, literal
from warehouse.core.settings import Settings
from warehouse.quarantine.files import Load, landed_relation, loads, quarantine_relation, write_entries
from warehouse.quarantine.rules import RowRule, parent_key, parent_keys, parents, row_rules


@dataclass(frozen=True)
class TableNight:
    """One landed table on one night: the loads to be judged and everything before them."""

    contract: Contract
    night: date
    visible: tuple[Load, ...]
    new: tuple[Load, ...]

    @property
    def earlier(self) -> list[Load]:
        """Loads whose quarantine files stand as they are."""
        return [load for load in self.visible if load not in self.new and load.is_checked]

    def relation(self, kind: str) -> str:
        return f"{kind}__{self.contract.source}__{self.contract.table}"


@dataclass(frozen=True)
class Judged:
    """What was found in a table's new loads: rows, those of them in quarantine, and entries by rule (most first)."""

    table: TableNight
    rows: int
    rejected: int
    by_rule: tuple[tuple[str, int], ...]


def open_night(settings: Settings, contract: Contract, night: date) -> TableNight:
    """The table as of `night`; new are the loads of that night, checked before or not."""
    visible = tuple(loads(settings, contract, night))
    return TableNight(contract, night, visible, tuple(load for load in visible if load.night == night))


def judge(connection: duckdb.DuckDBPyConnection, settings: Settings, table: TableNight) -> Judged:
    """Make `landed__`, `entries__` and `held__` of the table's new loads, and release earlier entries that may go.

    Tables are judged in the order of `contracts()`: those that others refer to come first.
    """
    config, contract = settings.config, table.contract
    rules = [rule for rule in row_rules(contract, config) if rule.severity == "quarantine"]
    make_parent_keys(connection, settings, contract, table.night)
    relation = landed_relation(contract, [load.landed for load in table.new])
    _make_entries(connection, table, rules, relation)
    _make_held(connection, table)
    _release(connection, table, [rule for rule in row_rules(contract, config, table.night) if rule.is_retried])
    judged = _count(connection, table, relation)
    share = judged.rejected / judged.rows if judged.rows else 0.0
    connection.execute(f"""
        create or replace view {table.relation("landed")} as
        select *, cast({share!r} as double) as _quarantined_share from {relation}
    """)
    return judged


def _count(connection: duckdb.DuckDBPyConnection, table: TableNight, relation: str) -> Judged:
    entries = f"(from {table.relation('entries')} where released_as_of is null)"
    rows = connection.execute(f"select count(*) from {relation}").fetchall()[0][0]
    rejected = connection.execute(
        f"select count(*) from (select distinct _load_id, _row_number from {entries})"
    ).fetchall()[0][0]
    by_rule = connection.execute(
        f"select rule, count(*) from {entries} group by rule order by count(*) desc, rule"
    ).fetchall()
    return Judged(table, rows, rejected, tuple(by_rule))


def forget_state(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget what another night was found to hold."""
    held = connection.execute("select table_name from duckdb_tables() where starts_with(table_name, 'held__')")
    for (name,) in held.fetchall():
        connection.execute(f"drop table {name}")


def write(connection: duckdb.DuckDBPyConnection, table: TableNight) -> int:
    """Write what `judge` found; the number of landed rows that were released."""
    entries, held = table.relation("entries"), table.relation("held")
    for load in table.new:
        released = "entry.released_as_of"
        join = ""
        if load.is_checked:  # a later night, or a replay, may have released what this one holds
            released = "coalesce(entry.released_as_of, earlier.released_as_of)"
            join = f"""left join {quarantine_relation([load.quarantine])} as earlier
                on entry._row_number = earlier._row_number and entry.rule = earlier.rule
                and earlier.released_as_of > date '{table.night}'"""
        query = f"""select entry.* exclude (released_as_of), {released} as released_as_of
            from {entries} as entry {join} where entry._load_id = {literal(load.load_id)}"""
        write_entries(connection, query, load.quarantine)
    changed = {
        name for (name,) in connection.execute(f"select distinct _load_id from {held} where is_released_now").fetchall()
    }
    for load in table.earlier:
        if load.load_id in changed:
            rewrite_released(connection, load, held)
    found = connection.execute(
        f"select count(*) from (select distinct _load_id, _row_number from {held} where is_released_now)"
    ).fetchone()
    return int(found[0]) if found else 0


def rewrite_released(connection: duckdb.DuckDBPyConnection, load: Load, released: str) -> None:
    """Rewrite a load's quarantine file with the nights of those entries that relation `released` releases now."""
    query = f"""
        select entry.* exclude (released_as_of),
            case when now._row_number is not null then now.released_as_of else entry.released_as_of end
                as released_as_of
        from {quarantine_relation([load.quarantine])} as entry
        left join (select * from {released} where is_released_now) as now
            on entry._load_id = now._load_id and entry._row_number = now._row_number and entry.rule = now.rule
    """
    write_entries(connection, query, load.quarantine)


def stored_rows(contract: Contract, entries: str) -> str:
    """SQL of quarantine entries with the landed row behind each as columns again."""
    types = {name: LAKE_TYPE[column.type] for name, column in contract.columns.items()} | {
        "attributes": LANDING_COLUMNS["attributes"],
        "rejected_cells": LANDING_COLUMNS["rejected_cells"],
    }
    columns = ", ".join(
        f'cast(json_extract_string("row", {literal("$." + identifier(name))}) as {kind}) as {identifier(name)}'
        for name, kind in types.items()
    )
    return f"(select _load_id, _row_number, _as_of, rule, released_as_of, {columns} from {entries})"


def make_parent_keys(
    connection: duckdb.DuckDBPyConnection, settings: Settings, contract: Contract, night: date
) -> None:
    """Make the relations of the keys that `contract` refers to, as they stand at `night`."""
    for parent in sorted(set(parents(contract, settings.config).values())):
        _make_parent_keys(connection, settings, contracts()[parent], night)


def _make_parent_keys(connection: duckdb.DuckDBPyConnection, settings: Settings, parent: Contract, night: date) -> None:
    visible = open_night(settings, parent, night)
    held = visible.relation("held")
    known = connection.execute("select 1 from duckdb_tables() where table_name = ?", [held]).fetchone()
    if known is None:
        _make_held(connection, visible, is_judged=False)
    connection.execute(f"""
        create or replace table {parent_keys(parent.name)} as
        with entries as (
            select _load_id, _row_number, max(released_as_of) as released_as_of,
                bool_or(released_as_of is null) as is_held
            from {held} group by all
        )
        select
            landing.{identifier(parent_key(parent.name))} as _parent_key,
            min(greatest(landing._as_of, entries.released_as_of)) as _known_from
        from {landed_relation(parent, [load.landed for load in visible.visible])} as landing
        left join entries
            on entries._load_id = landing._load_id and entries._row_number = landing._row_number
        where not coalesce(entries.is_held, false)
        group by all
    """)


def _make_entries(
    connection: duckdb.DuckDBPyConnection, table: TableNight, rules: Sequence[RowRule], relation: str
) -> None:
    broken = ", ".join(
        f"case when {rule.failing} then {{'rule': {literal(rule.name)}, 'reason': {rule.reason}, "
        f"'passes_from': {rule.passes_from}}} end"
        for rule in rules
    )
    contract = table.contract
    connection.execute(f"""
        create or replace table {table.relation("entries")} as
        with judged as (
            select landing, list_filter([{broken}], lambda verdict: verdict is not null) as broken
            from {relation} as landing
        ), failing as (
            select landing, unnest(broken) as verdict from judged where len(broken) > 0
        )
        select
            {literal(contract.source)} as source,
            {literal(contract.table)} as table_name,
            landing._load_id,
            landing._row_number,
            landing._as_of,
            verdict.rule as rule,
            verdict.reason as reason,
            cast(to_json(landing) as varchar) as "row",
            case when verdict.passes_from <= date '{table.night}' then verdict.passes_from end as released_as_of
        from failing
    """)


def _make_held(connection: duckdb.DuckDBPyConnection, table: TableNight, is_judged: bool = True) -> None:
    """The state of the table's quarantine at `night`: what earlier files hold, and what was found just now."""
    files = [load.quarantine for load in (table.earlier if is_judged else table.visible) if load.is_checked]
    new = f"union all select _load_id, _row_number, rule, released_as_of, false from {table.relation('entries')}"
    connection.execute(f"""
        create or replace table {table.relation("held")} as
        select
            _load_id,
            _row_number,
            rule,
            released_as_of,
            false as is_released_now
        from {quarantine_relation(files)}
        {new if is_judged else ""}
    """)


def _release(connection: duckdb.DuckDBPyConnection, table: TableNight, rules: Sequence[RowRule]) -> None:
    """Mark the earlier entries of retried rules that no longer hold."""
    files = [load.quarantine for load in table.earlier]
    for rule in rules:
        if not files:
            return
        retried = f"""(select * from {quarantine_relation(files)} where rule = {literal(rule.name)}
            and (released_as_of is null or released_as_of > date '{table.night}'))"""
        connection.execute(f"""
            update {table.relation("held")} as held
            set is_released_now = true, released_as_of = passing.passes_from
            from (
                select _load_id, _row_number, {rule.passes_from} as passes_from
                from {stored_rows(table.contract, retried)}
                where not coalesce({rule.failing}, false)
            ) as passing
            where held._load_id = passing._load_id and held._row_number = passing._row_number
                and held.rule = {literal(rule.name)}
        """)
