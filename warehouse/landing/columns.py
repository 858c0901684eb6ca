"""Columns of a source: their kinds, and which of them the contract's columns are made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from warehouse.contracts import Contract
from warehouse.core.configuration import ColumnMapping, TableMapping

Family = Literal["text", "integer", "decimal", "float", "boolean", "date", "timestamp", "timestamptz", "nested"]


@dataclass(frozen=True)
class SourceColumn:
    """A column of the source: its name and DuckDB type."""

    name: str
    type: str


def family(column: SourceColumn) -> Family:
    """The family of the column's DuckDB type."""
    kind = column.type.upper()
    if kind.endswith("[]") or kind.startswith(("STRUCT", "MAP")):
        return "nested"
    if kind.startswith("DECIMAL"):
        return "decimal"
    if kind.startswith("TIMESTAMP"):
        return "timestamptz" if "ZONE" in kind else "timestamp"
    known: dict[str, Family] = {"BOOLEAN": "boolean", "DATE": "date", "FLOAT": "float", "DOUBLE": "float"}
    return known.get(kind, "integer" if kind.endswith("INT") or kind.endswith("INTEGER") else "text")


def resolve(contract: Contract, mapping: TableMapping, available: Sequence[str]) -> dict[str, ColumnMapping]:
    """The source column of each contract column; a contract column without one has no entry.

    A mapped column has an entry even where the source lacks it: `check_columns` reports that.
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
