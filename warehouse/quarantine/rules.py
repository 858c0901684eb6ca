"""What a landed row has to satisfy: every rule of a contract as one SQL condition under which a row breaks it.

The conditions are evaluated on a relation with the columns of the landed table. Two kinds of them can change their
mind without the row changing: a parent may arrive a night later, and what lay in the future happens. Their rules say
from which night on the row passes (`passes_from`); those rows are looked at again every night.
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
    """Rows for which `failing` holds break the rule; `reason` is an SQL text expression for the words of it.

    `passes_from` is an SQL date expression: the first night on which the row passes, NULL where that is not known.
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
        """The reason in words, where it is the same for every row, else the rule's name."""
        is_literal = self.reason.startswith("'") and self.reason.endswith("'")
        return self.reason[1:-1].replace("''", "'") if is_literal else self.name.replace("_", " ")


def parent_keys(parent: str) -> str:
    """Name of the relation (`_parent_key`, `_known_from`: the first night) of all keys that others refer to."""
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
    """All rules for a row as `night` sees it, or the first night that knows it; in a fixed order, names are unique."""
    seen_on = f"date '{night}'" if night else "_as_of"
    return (
        *_rejected_cells(contract),
        *_missing(contract),
        *_unknown(contract),
        *_event_time(contract, config, seen_on),
        *_orphans(contract, config, seen_on),
        *(RowRule(rule.name, rule.severity, rule.failing, literal(rule.reason)) for rule in contract.rules),
    )


def cells_rejected(contract: Contract) -> str:
    """The condition that a cell the row cannot do without was not of its type when the row landed."""
    essential = [_was_rejected(name) for name in contract.columns if _is_essential(contract, name)]
    return "rejected_cells is not null and (" + " or ".join(essential) + ")"


def _was_rejected(column: str) -> str:
    return f"json_exists(rejected_cells, {literal('$.' + identifier(column))})"


def _rejected_cells(contract: Contract) -> Iterator[RowRule]:
    """A cell that is not of its type costs the row where the row cannot do without it, else only the cell."""
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
            reason = literal(f"{name} is none of {', '.join(column.accepted)}")
            yield RowRule(f"unknown_{name}", "quarantine", f"{identifier(name)} not in ({values})", reason)


def _event_time(contract: Contract, config: Config, seen_on: str) -> Iterator[RowRule]:
    if contract.event_at is None:
        return
    event = identifier(contract.event_at)
    earliest = config.quality.earliest_by_table.get(contract.name, config.quality.earliest_event)
    late = literal(f"{contract.event_at} lies after the night that first knew the row")
    passes_from = f"cast({event} as date) + 1"
    yield RowRule("in_the_future", "quarantine", f"{event} >= {seen_on}", late, passes_from)
    failing = f"{event} < date '{earliest}' or {event} = date '1970-01-01'"
    early = literal(f"{contract.event_at} is before {earliest}, or a clock's zero")
    yield RowRule("long_ago", "quarantine", failing, early)


def _orphans(contract: Contract, config: Config, seen_on: str) -> Iterator[RowRule]:
    for name, parent in parents(contract, config).items():
        keys, same = parent_keys(parent), f"_parent_key = {identifier(name)}"
        present = f"select 1 from {keys} where {same} and _known_from <= {seen_on}"
        failing = f"coalesce(trim({identifier(name)}), '') <> '' and not exists ({present})"
        passes_from = f"(select _known_from from {keys} where {same})"
        reason = literal(f"{name} is not (yet) in {parent}, or only in quarantined rows of it")
        yield RowRule(f"orphan_{name}", "quarantine", failing, reason, passes_from)
