"""From the company's columns to those of the contract, as one SQL query over the staged rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from warehouse.connectors.reading import ORIGIN, POSITION, ROW
from warehouse.contracts import LAKE_TYPE, ColumnType, Contract
from warehouse.core.configuration import ColumnMapping, Scalar, TableMapping
from warehouse.core.quoting import identifier, literal
from warehouse.landing.casts import SourceColumn, as_text, as_trimmed_text, from_text, typed


@dataclass(frozen=True)
class ColumnPlan:
    """One contract column: the text of its cell (None: none is needed), its value, and whether a cell may not fit."""

    name: str
    value: str
    text: str | None = None
    may_not_fit: bool = False
    is_number_of_row: bool = False

    @property
    def alias(self) -> str:
        return text_alias(self.name)


@dataclass(frozen=True)
class TablePlan:
    """How staged rows become landed rows: a value for each contract column, attributes, and the cursor."""

    columns: tuple[ColumnPlan, ...]
    attributes: str
    cursor: str  # SQL: TIMESTAMP, DOUBLE, or NULL where the table has no cursor
    cursor_is_number: bool

    def query(self, staged: str) -> str:
        """Contract columns, attributes, rejected_cells, __cursor, __origin, __row of the rows of `staged`.

        In three steps, texts, values, rejected cells, so that each cell is worked on once.
        """
        texts = "".join(f", {column.text} as {column.alias}" for column in self.columns if column.text)
        values = ", ".join(f"{column.value} as {identifier(column.name)}" for column in self.columns)
        kept = "".join(f", {column.alias}" for column in self.columns if column.may_not_fit)
        names = ", ".join(identifier(column.name) for column in self.columns)
        return (
            f"select {names}, attributes, {self._rejected_cells} as rejected_cells, __cursor, {ORIGIN}, {ROW} from ("
            f"select {values}{kept}, {self.attributes} as attributes, {self.cursor} as __cursor, {ORIGIN}, {ROW} from ("
            f"select *{texts} from {staged}))"
        )

    @property
    def _rejected_cells(self) -> str:
        cells = [
            f"case when {column.alias} is not null and {identifier(column.name)} is null "
            f"then {literal(json.dumps(column.name))} || ':' || cast(to_json({column.alias}) as varchar) end"
            for column in self.columns
            if column.may_not_fit
        ]
        if not cells:
            return "cast(null as varchar)"
        return f"'{{' || nullif(concat_ws(',', {', '.join(cells)}), '') || '}}'"


def text_alias(name: str) -> str:
    """Name of the column that holds the text of a cell while rows are mapped."""
    return identifier(f"__text_{name}")


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
    """The query for one table; `generated_key` is the SQL of keys the source does not have."""
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
    direct = None if given.values or given.format else typed(column, target)
    text = as_text(column) if target == "string" else as_trimmed_text(column)
    alias = text_alias(name)
    value = direct or from_text(_recoded(alias, given.values), target, given.format)
    if given.multiply_by is not None:
        value = f"round({value} * {given.multiply_by!r}, 6)"
    if given.multiply_by is not None or target != "string":
        value = f"cast({value} as {LAKE_TYPE[target]})"
    if default is not None:
        value = f"case when {alias} is null then cast({literal(default)} as {LAKE_TYPE[target]}) else {value} end"
    is_text_needed = direct is None or default is not None
    may_not_fit = direct is None and target != "string"
    return ColumnPlan(name, value, text if is_text_needed else None, may_not_fit)


def _recoded(text: str, values: Mapping[Scalar, Scalar] | None) -> str:
    if not values:
        return text
    cases = " ".join(f"when {literal(old)} then {literal(new)}" for old, new in values.items())
    return f"(case trim({text}) {cases} else {text} end)"


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
    given = [
        made for made in mapping.columns.values() if isinstance(made, ColumnMapping) and made.source == column.name
    ]
    pattern = given[0].format if given else None
    direct = None if pattern else typed(column, "timestamp")
    return direct or from_text(as_trimmed_text(column), "timestamp", pattern), False
