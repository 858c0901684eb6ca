"""The quarantine of a table as one night sees it: its entries, the rows they release, and the keys others refer to.

The state is a table of the DuckDB session, `state__...`, so that tables which refer to this one see its rows as they
are after the results of the night.
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
from warehouse.quarantine.rules import RowRule, parent_key, parent_keys, parents


@dataclass(frozen=True)
class TableNight:
    """One landed table on one night: all loads visible then, and the new ones."""

    contract: Contract
    night: date
    visible: tuple[Load, ...]
    new: tuple[Load, ...]

    @property
    def earlier(self) -> list[Load]:
        """Checked loads of earlier nights: their quarantine files count as they are."""
        return [load for load in self.visible if load not in self.new and load.is_checked]

    def relation(self, kind: str) -> str:
        return f"{kind}__{self.contract.source}__{self.contract.table}"


def table_night(settings: Settings, contract: Contract, night: date) -> TableNight:
    """The table as of `night`; the loads of that night are new, whether or not they were checked before."""
    visible = tuple(loads(settings, contract, night))
    return TableNight(contract, night, visible, tuple(load for load in visible if load.night == night))


def drop_state(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop the state of another night."""
    found = connection.execute("select table_name from duckdb_tables() where starts_with(table_name, 'state__')")
    for (name,) in found.fetchall():
        connection.execute(f"drop table {name}")


def make_parent_keys(
    connection: duckdb.DuckDBPyConnection, settings: Settings, contract: Contract, night: date
) -> None:
    """Make the relations of the keys that `contract` refers to, as they are at `night`."""
    for parent in sorted(set(parents(contract, settings.config).values())):
        _make_parent_keys(connection, settings, contracts()[parent], night)


def _make_parent_keys(connection: duckdb.DuckDBPyConnection, settings: Settings, parent: Contract, night: date) -> None:
    visible = table_night(settings, parent, night)
    state = visible.relation("state")
    if connection.execute("select 1 from duckdb_tables() where table_name = ?", [state]).fetchone() is None:
        make_state(connection, visible, is_checked_now=False)
    connection.execute(f"""
        create or replace table {parent_keys(parent.name)} as
        with entries as (
            select _load_id, _row_number, max(released_as_of) as released_as_of,
                bool_or(released_as_of is null) as is_quarantined
            from {state} group by all
        )
        select
            landing.{identifier(parent_key(parent.name))} as _parent_key,
            min(greatest(landing._as_of, entries.released_as_of)) as _known_from
        from {landed_relation(parent, [load.landed for load in visible.visible])} as landing
        left join entries
            on entries._load_id = landing._load_id and entries._row_number = landing._row_number
        where not coalesce(entries.is_quarantined, false)
        group by all
    """)


def make_state(connection: duckdb.DuckDBPyConnection, table: TableNight, is_checked_now: bool = True) -> None:
    """Make the state: the entries of earlier files, and those of `entries__...` where the table is checked now."""
    files = [load.quarantine for load in (table.earlier if is_checked_now else table.visible) if load.is_checked]
    new = f"union all select _load_id, _row_number, rule, released_as_of, false from {table.relation('entries')}"
    connection.execute(f"""
        create or replace table {table.relation("state")} as
        select
            _load_id,
            _row_number,
            rule,
            released_as_of,
            false as is_released_now
        from {quarantine_relation(files)}
        {new if is_checked_now else ""}
    """)


def release_passing(connection: duckdb.DuckDBPyConnection, table: TableNight, rules: Sequence[RowRule]) -> None:
    """Release the earlier entries of retried rules that no longer fail."""
    files = [load.quarantine for load in table.earlier]
    for rule in rules:
        if not files:
            return
        retried = f"""(select * from {quarantine_relation(files)} where rule = {literal(rule.name)}
            and (released_as_of is null or released_as_of > date '{table.night}'))"""
        connection.execute(f"""
            update {table.relation("state")} as state
            set is_released_now = true, released_as_of = passing.passes_from
            from (
                select _load_id, _row_number, {rule.passes_from} as passes_from
                from {stored_rows(table.contract, retried)}
                where not coalesce({rule.failing}, false)
            ) as passing
            where state._load_id = passing._load_id and state._row_number = passing._row_number
                and state.rule = {literal(rule.name)}
        """)


def rewrite_released(connection: duckdb.DuckDBPyConnection, load: Load, released: str) -> None:
    """Rewrite the quarantine file of a load with the releases that relation `released` marks as new."""
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
    """SQL of quarantine entries with the cells of the landed row as columns again."""
    types = {name: LAKE_TYPE[column.type] for name, column in contract.columns.items()} | {
        "attributes": LANDING_COLUMNS["attributes"],
        "rejected_cells": LANDING_COLUMNS["rejected_cells"],
    }
    columns = ", ".join(
        f'cast(json_extract_string("row", {literal("$." + identifier(name))}) as {kind}) as {identifier(name)}'
        for name, kind in types.items()
    )
    return f"(select _load_id, _row_number, _as_of, rule, released_as_of, {columns} from {entries})"
