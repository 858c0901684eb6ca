"""From the company's columns to those of the contract, as one SQL select over the staged rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from warehouse.configuration import ColumnMapping, Scalar, TableMapping
from warehouse.connectors.reading import ORIGIN, POSITION, ROW
from warehouse.contracts import LAKE_TYPE, ColumnType, Contract
from warehouse.landing.casts import SourceColumn, as_text, from_text, typed
from warehouse.quoting import identifier, literal


@dataclass(frozen=True)
class ColumnPlan:
    """One contract column: its value, and the text to keep where the cell does not fit (None: every cell fits)."""

    name: str
    value: str
    raw: str | None = None
    is_number_of_row: bool = False

    @property
    def rejected(self) -> str | None:
        return f"({self.raw}) is not null and ({self.value}) is null" if self.raw else None


@dataclass(frozen=True)
class TablePlan:
    """How staged rows become landed rows: a value for each contract column, attributes, and the cursor."""

    columns: tuple[ColumnPlan, ...]
    attributes: str
    cursor: str  # SQL: TIMESTAMP, DOUBLE, or NULL where the table has no cursor
    cursor_is_number: bool

    @property
    def select(self) -> str:
        """Select list over the staged rows: contract columns, attributes, rejected_cells, __cursor."""
        values = [f"{column.value} as {identifier(column.name)}" for column in self.columns]
        return ",\n".join(
            (
                *values,
                f"{self.attributes} as attributes",
                f"{self._rejected_cells} as rejected_cells",
                f"{self.cursor} as __cursor",
            )
        )

    @property
    def _rejected_cells(self) -> str:
        cells = [
            f"case when {column.rejected} then {literal(json.dumps(column.name))} || ':' "
            f"|| cast(to_json({column.raw}) as varchar) end"
            for column in self.columns
            if column.rejected
        ]
        if not cells:
            return "cast(null as varchar)"
        return f"'{{' || nullif(concat_ws(',', {', '.join(cells)}), '') || '}}'"


def resolve(contract: Contract, mapping: TableMapping, available: Sequence[str]) -> dict[str, ColumnMapping]:
    """Which source column each contract column is made from; without an entry, it has none.

    A column that is mapped is taken at its word, also where the source lacks it: `schema_check` reports that.
    """
    names = {name.lower(): name for name in reversed(available)} | {name: name for name in available}
    resolved = {}
    for column in contract.columns:
        given = mapping.columns.get(column)
        if given is None and (same := names.get(column) or names.get(column.lower())):
            given = same
        if given is not None:
            resolved[column] = ColumnMapping.model_validate({"from": given}) if isinstance(given, str) else given
    return resolved


def plan(
    contract: Contract, mapping: TableMapping, source_columns: Sequence[SourceColumn], generated_key: str
) -> TablePlan:
    """The select for one table; `generated_key` is the SQL of keys the source does not have."""
    own = {column.name: column for column in source_columns if column.name not in (ORIGIN, POSITION, ROW)}
    resolved = resolve(contract, mapping, list(own))
    columns = []
    for name, column in contract.columns.items():
        default = mapping.defaults.get(name)
        if name in resolved:
            columns.append(_column(name, column.type, own[resolved[name].source], resolved[name], default))
        elif column.generated:
            columns.append(ColumnPlan(name, generated_key, is_number_of_row=True))
        else:
            value = "null" if default is None else literal(default)
            columns.append(ColumnPlan(name, f"cast({value} as {LAKE_TYPE[column.type]})"))
    mapped = {given.source for given in resolved.values()} - set(mapping.attributes)
    cursor, is_number = _cursor(mapping, own)
    return TablePlan(tuple(columns), _attributes(own, mapped), cursor, is_number)


def _column(name: str, target: ColumnType, column: SourceColumn, given: ColumnMapping, default: object) -> ColumnPlan:
    raw: str | None = as_text(column)
    direct = None if given.values or given.format else typed(column, target)
    if direct is not None:
        value, raw = direct, None
    else:
        value = from_text(_recoded(str(raw), given.values), target, given.format)
    if given.multiply_by is not None:
        value = f"round({value} * {given.multiply_by!r}, 6)"
    if given.multiply_by is not None or target != "string":
        value = f"cast({value} as {LAKE_TYPE[target]})"
    if default is not None:
        blank = f"({raw or as_text(column)}) is null"
        value = f"case when {blank} then cast({literal(default)} as {LAKE_TYPE[target]}) else {value} end"
    return ColumnPlan(name, value, None if target == "string" else raw)


def _recoded(text: str, values: Mapping[Scalar, Scalar] | None) -> str:
    if not values:
        return text
    cases = " ".join(f"when {literal(old)} then {literal(new)}" for old, new in values.items())
    return f"case trim({text}) {cases} else {text} end"


def _attributes(own: Mapping[str, SourceColumn], mapped: set[str]) -> str:
    fields = [f"{literal(name)}: {_attribute(column)}" for name, column in own.items() if name not in mapped]
    return f"cast(to_json({{{', '.join(fields)}}}) as varchar)" if fields else "'{}'"


def _attribute(column: SourceColumn) -> str:
    if column.family == "float":
        return f"case when isfinite({column.sql}) then {column.sql} end"
    return as_text(column) if column.family in ("text", "timestamptz") else column.sql


def _cursor(mapping: TableMapping, own: Mapping[str, SourceColumn]) -> tuple[str, bool]:
    if mapping.cursor is None:
        return "cast(null as timestamp)", False
    column = own[mapping.cursor]
    if column.family in ("integer", "decimal", "float"):
        return f"cast({column.sql} as double)", True
    given = next(
        (m for m in mapping.columns.values() if isinstance(m, ColumnMapping) and m.source == column.name), None
    )
    pattern = given.format if given else None
    return (None if pattern else typed(column, "timestamp")) or from_text(as_text(column), "timestamp", pattern), False
