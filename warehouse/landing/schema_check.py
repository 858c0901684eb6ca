"""Checks of what was read against the contract: missing columns, changed types, columns that are new or gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from warehouse.contracts import Contract
from warehouse.core.configuration import ColumnMapping, TableMapping
from warehouse.core.errors import ContractError
from warehouse.landing.cells import FITTING
from warehouse.landing.columns import SourceColumn, family, resolve

#: A text column counts as changed when at least this number, and more than this share, of its cells do not fit.
REJECTED_AT_LEAST = 5
REJECTED_SHARE = 0.5


def check_columns(contract: Contract, mapping: TableMapping, available: Sequence[str], place: str) -> None:
    """Check that every mapped and every required column exists.

    Raises:
        ContractError: naming the place (file or table), the column, what is there and what to do.
    """
    for mapped, given in mapping.columns.items():
        if mapped not in contract.columns:
            raise ContractError(
                f"{contract.name}: the contract has no column '{mapped}'; expected one of "
                f"{', '.join(contract.columns)}; correct `columns` of the table in rapport.yml"
            )
        source = given.source if isinstance(given, ColumnMapping) else given
        _present(source, available, f"{contract.name}: {place}: column '{source}' (mapped to '{mapped}')")
    for attribute in mapping.attributes:
        _present(attribute, available, f"{contract.name}: {place}: attribute '{attribute}'")
    if mapping.cursor:
        _present(mapping.cursor, available, f"{contract.name}: {place}: cursor '{mapping.cursor}'")
    resolved = resolve(contract, mapping, available)
    for name, column in contract.columns.items():
        if column.required and not column.generated and name not in resolved and name not in mapping.defaults:
            raise ContractError(
                f"{contract.name}: {place}: required column '{name}' ({column.type}) is missing; found "
                f"{_listed(available)}; map it under `columns` of the table in rapport.yml"
            )


def check_types(contract: Contract, mapping: TableMapping, columns: Sequence[SourceColumn], place: str) -> None:
    """Check that typed source columns can become the types of the contract.

    Raises:
        ContractError: naming the place, the column, the expected and the found type.
    """
    own = {column.name: column for column in columns}
    for name, given in resolve(contract, mapping, list(own)).items():
        column, expected = own[given.source], contract.columns[name].type
        if family(column) not in FITTING[expected] and not given.format:
            raise ContractError(
                f"{contract.name}: {place}: column '{given.source}' (mapped to '{name}') changed its type: expected "
                f"{expected}, found {column.type}; correct the source or the mapping in rapport.yml"
            )


def check_cells(
    contract: Contract, filled: Mapping[str, int], rejected: Mapping[str, int], place: str, example: Mapping[str, str]
) -> None:
    """Check that most cells of each text column have the type of the contract.

    Raises:
        ContractError: naming the place, the column, the expected type and how many cells do not fit.
    """
    for name, count in rejected.items():
        total = filled[name] + count
        if count >= REJECTED_AT_LEAST and count > REJECTED_SHARE * total:
            column = contract.columns[name]
            sample = "" if column.pii else f" (such as {example[name]!r})"
            raise ContractError(
                f"{contract.name}: {place}: column '{name}' changed its type: expected {column.type}, found {count} of "
                f"{total} cells that are not{sample}; correct the source, or give a `format` or `values` in rapport.yml"
            )


def column_changes(name: str, before: Sequence[str] | None, now: Sequence[str]) -> list[str]:
    """Notes about columns that are new in the source or no longer there."""
    if before is None:
        return []
    new, gone = sorted(set(now) - set(before)), sorted(set(before) - set(now))
    lines = [f"{name}: new in the source, kept as attributes: {', '.join(new)}"] if new else []
    return [*lines, f"{name}: no longer in the source: {', '.join(gone)}"] if gone else lines


def _present(column: str, available: Sequence[str], subject: str) -> None:
    if column not in available:
        near = get_close_matches(column, available, 1)
        hint = f" (did you mean '{near[0]}'?)" if near else ""
        raise ContractError(
            f"{subject} is missing; found {_listed(available)}{hint}; correct the source or the mapping in rapport.yml"
        )


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(columns[:12]) + (f" and {len(columns) - 12} more" if len(columns) > 12 else "")
