"""The row rules of a contract, each as one SQL condition that is true for rows that break it.

The conditions are evaluated on a relation with the columns of the landed table. Two kinds can pass later although the
row does not change: a parent arrives a night later, or a future date passes. Their `passes_from` is the first night on
which the row passes; rows that broke them are checked again every night.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from warehouse.contracts import Column, Contract, Severity, contracts
from warehouse.core.configuration import Config
from warehouse.core.quoting import identifier, literal


@dataclass(frozen=True)
class RowRule:
    """Rows for which `failing` is true break the rule; `reason` is an SQL expression of the text that explains it.

    `passes_from` is an SQL date expression: the first night on which the row passes, NULL where it is not known.
    """

    name: str
    severity: Severity
    failing: str
    reason: str
    passes_from: str = "cast(null as date)"

    @property
    def is_retried(self) -> bool:
        return self.passes_from != RowRule.passes_from

    @property
    def meaning(self) -> str:
        """The reason, where it is the same for every row, else the rule's name."""
        is_literal = self.reason.startswith("'") and self.reason.endswith("'")
        return self.reason[1:-1].replace("''", "'") if is_literal else self.name.replace("_", " ")


def parent_keys(parent: str) -> str:
    """Name of the relation of keys that other tables refer to: `_parent_key`, `_known_from` (the first night)."""
    return "parent_keys__" + parent.replace(".", "__")


def parents(contract: Contract, config: Config) -> dict[str, str]:
    """The referring columns of `contract` and the table each refers to; only tables that the company has."""
    return {
        name: column.references
        for name, column in contract.columns.items()
        if column.references is not None and config.mapping(column.references) is not None
    }


def parent_key(parent: str) -> str:
    """The column of `parent` that others refer to."""
    return contracts()[parent].key[0]


def row_rules(contract: Contract, config: Config, night: date | None = None) -> tuple[RowRule, ...]:
    """All rules for a row as of `night`, or of the night that landed it; in a fixed order, with unique names."""
    as_of = f"date '{night}'" if night else "_as_of"
    return (
        *_rejected_cells(contract),
        *_missing(contract),
        *_unknown(contract),
        *_event_time(contract, config, as_of),
        *_orphans(contract, config, as_of),
        *(RowRule(rule.name, rule.severity, rule.failing, literal(rule.reason)) for rule in contract.rules),
    )


def cells_rejected(contract: Contract) -> str:
    """The condition that an essential cell did not have the type of the contract when the row landed."""
    essential = [_was_rejected(name) for name in contract.columns if _is_essential(contract, name)]
    return "rejected_cells is not null and (" + " or ".join(essential) + ")"


def _was_rejected(column: str) -> str:
    return f"json_exists(rejected_cells, {literal('$.' + identifier(column))})"


def _rejected_cells(contract: Contract) -> Iterator[RowRule]:
    """A cell of the wrong type quarantines the row where the cell is essential, else it is only warned about."""
    by_kind: dict[tuple[str, Severity], list[str]] = {}
    for name, column in contract.columns.items():
        if column.type != "string":
            severity: Severity = "quarantine" if _is_essential(contract, name) else "warn"
            by_kind.setdefault((column.type, severity), []).append(name)
    for (kind, severity), columns in by_kind.items():
        failing = " or ".join(_was_rejected(name) for name in columns)
        named = ", ".join(f"case when {_was_rejected(name)} then {literal(name)} end" for name in columns)
        article = "an" if kind[0] in "aeiou" else "a"
        reason = f"concat_ws(', ', {named}) || {literal(f' is not {article} {kind}')}"
        rule = f"not_{article}_{kind}" if severity == "quarantine" else f"optional_cell_not_{article}_{kind}"
        yield RowRule(rule, severity, f"rejected_cells is not null and ({failing})", reason)


def _is_essential(contract: Contract, column: str) -> bool:
    return contract.columns[column].required or column in (*contract.key, contract.version_at, contract.event_at)


def _missing(contract: Contract) -> Iterator[RowRule]:
    for name, column in contract.columns.items():
        if column.required:
            failing = f"{_is_empty(name, column)} and (rejected_cells is null or not {_was_rejected(name)})"
            yield RowRule(f"missing_{name}", "quarantine", failing, literal(f"{name} is required and empty"))


def _is_empty(name: str, column: Column) -> str:
    if column.type == "string":
        return f"coalesce(trim({identifier(name)}), '') = ''"
    return f"{identifier(name)} is null"


def _unknown(contract: Contract) -> Iterator[RowRule]:
    for name, column in contract.columns.items():
        if column.accepted is not None:
            values = ", ".join(literal(value) for value in column.accepted)
            reason = literal(f"{name} is not one of {', '.join(column.accepted)}")
            yield RowRule(f"unknown_{name}", "quarantine", f"{identifier(name)} not in ({values})", reason)


def _event_time(contract: Contract, config: Config, as_of: str) -> Iterator[RowRule]:
    if contract.event_at is None:
        return
    event = identifier(contract.event_at)
    earliest = config.quality.earliest_by_table.get(contract.name, config.quality.earliest_event)
    late = literal(f"{contract.event_at} is not before the night that landed the row")
    passes_from = f"cast({event} as date) + 1"
    yield RowRule("in_the_future", "quarantine", f"{event} >= {as_of}", late, passes_from)
    failing = f"{event} < date '{earliest}' or {event} = date '1970-01-01'"
    early = literal(f"{contract.event_at} is before {earliest}, or is 1970-01-01")
    yield RowRule("long_ago", "quarantine", failing, early)


def _orphans(contract: Contract, config: Config, as_of: str) -> Iterator[RowRule]:
    for name, parent in parents(contract, config).items():
        keys, same = parent_keys(parent), f"_parent_key = {identifier(name)}"
        present = f"select 1 from {keys} where {same} and _known_from <= {as_of}"
        failing = f"coalesce(trim({identifier(name)}), '') <> '' and not exists ({present})"
        passes_from = f"(select _known_from from {keys} where {same})"
        reason = literal(f"{name} is not (yet) in {parent}, or only in its quarantined rows")
        yield RowRule(f"orphan_{name}", "quarantine", failing, reason, passes_from)
