"""Step 3, cast: cells become the types of the contract, in one SQL query that never fails on a cell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from warehouse.connectors.reading import ORIGIN, ROW
from warehouse.contracts import LAKE_TYPE
from warehouse.core.configuration import Scalar
from warehouse.core.quoting import identifier, literal
from warehouse.landing.cells import as_text, as_trimmed_text, from_text, typed
from warehouse.landing.columns import SourceColumn, family
from warehouse.landing.map import MappedColumn, MappedTable


@dataclass(frozen=True)
class CastColumn:
    """SQL of one contract column: its value, and the text of its cell where the value is made from a text."""

    name: str
    value: str
    text: str | None = None
    may_not_fit: bool = False
    is_generated: bool = False

    @property
    def alias(self) -> str:
        return _text_alias(self.name)


@dataclass(frozen=True)
class CastTable:
    """SQL of all contract columns, of the attributes (JSON), and of the cursor: TIMESTAMP, DOUBLE, or NULL."""

    columns: tuple[CastColumn, ...]
    attributes: str
    cursor: str
    cursor_is_number: bool

    def query(self, relation: str) -> str:
        """Contract columns, attributes, rejected_cells, __cursor, __origin, __row of the rows of `relation`.

        In three steps (texts, values, rejected cells), so that each expression is evaluated once.
        """
        texts = "".join(f", {column.text} as {column.alias}" for column in self.columns if column.text)
        values = ", ".join(f"{column.value} as {identifier(column.name)}" for column in self.columns)
        kept = "".join(f", {column.alias}" for column in self.columns if column.may_not_fit)
        names = ", ".join(identifier(column.name) for column in self.columns)
        return (
            f"select {names}, attributes, {self._rejected_cells} as rejected_cells, __cursor, {ORIGIN}, {ROW} from ("
            f"select {values}{kept}, {self.attributes} as attributes, {self.cursor} as __cursor, {ORIGIN}, {ROW} from ("
            f"select *{texts} from {relation}))"
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


def cast_cells(mapped: MappedTable) -> CastTable:
    """The query of one table."""
    cursor, is_number = _cursor(mapped)
    return CastTable(
        tuple(_column(column, mapped.generated_key) for column in mapped.columns),
        _attributes(mapped.attributes),
        cursor,
        is_number,
    )


def _column(column: MappedColumn, generated_key: str) -> CastColumn:
    if column.source is not None:
        return _from_source(column, column.source)
    if column.is_generated:
        return CastColumn(column.name, generated_key, is_generated=True)
    value = "null" if column.default is None else literal(column.default)
    return CastColumn(column.name, f"cast({value} as {LAKE_TYPE[column.type]})")


def _from_source(column: MappedColumn, source: SourceColumn) -> CastColumn:
    target, given, default = column.type, column.given, column.default
    recoded, pattern, factor = (given.values, given.format, given.multiply_by) if given else (None, None, None)
    direct = None if recoded or pattern else typed(source, target)
    text = as_text(source) if target == "string" else as_trimmed_text(source)
    alias = _text_alias(column.name)
    value = direct or from_text(_recoded(alias, recoded), target, pattern)
    if factor is not None:
        value = f"round({value} * {factor!r}, 6)"
    if factor is not None or target != "string":
        value = f"cast({value} as {LAKE_TYPE[target]})"
    if default is not None:
        value = f"case when {alias} is null then cast({literal(default)} as {LAKE_TYPE[target]}) else {value} end"
    is_text_needed = direct is None or default is not None
    may_not_fit = direct is None and target != "string"
    return CastColumn(column.name, value, text if is_text_needed else None, may_not_fit)


def _text_alias(name: str) -> str:
    return identifier(f"__text_{name}")


def _recoded(text: str, values: Mapping[Scalar, Scalar] | None) -> str:
    if not values:
        return text
    cases = " ".join(f"when {literal(old)} then {literal(new)}" for old, new in values.items())
    return f"(case trim({text}) {cases} else {text} end)"


def _attributes(columns: tuple[SourceColumn, ...]) -> str:
    fields = [f"{literal(column.name)}: {_attribute(column)}" for column in columns]
    return f"cast(to_json({{{', '.join(fields)}}}) as varchar)" if fields else "'{}'"


def _attribute(column: SourceColumn) -> str:
    name = identifier(column.name)
    if family(column) == "float":
        return f"case when isfinite({name}) then {name} end"
    return as_text(column) if family(column) in ("text", "timestamptz") else name


def _cursor(mapped: MappedTable) -> tuple[str, bool]:
    column = mapped.cursor
    if column is None:
        return "cast(null as timestamp)", False
    if family(column) in ("integer", "decimal", "float"):
        return f"cast({identifier(column.name)} as double)", True
    direct = None if mapped.cursor_format else typed(column, "timestamp")
    return direct or from_text(as_trimmed_text(column), "timestamp", mapped.cursor_format), False
