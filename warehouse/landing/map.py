"""Step 2, map: which column of the source each column of the contract is made from."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.connectors.reading import ORIGIN, POSITION, ROW
from warehouse.contracts import ColumnType
from warehouse.core.configuration import ColumnMapping, Scalar, TableMapping
from warehouse.landing.columns import SourceColumn, resolve
from warehouse.landing.read import SourceRows
from warehouse.landing.schema_check import check_columns, check_types
from warehouse.landing.table import LandingTable


@dataclass(frozen=True)
class MappedColumn:
    """A column of the contract: made from `source` by `given`, else a generated key, else always the default."""

    name: str
    type: ColumnType
    source: SourceColumn | None
    given: ColumnMapping | None
    default: Scalar | None
    is_generated: bool


@dataclass(frozen=True)
class MappedTable:
    """All columns of the contract, the columns kept as attributes, the cursor, and the SQL of generated keys."""

    columns: tuple[MappedColumn, ...]
    attributes: tuple[SourceColumn, ...]
    cursor: SourceColumn | None
    cursor_format: str | None
    generated_key: str


def map_columns(table: LandingTable, rows: SourceRows) -> MappedTable:
    """Map the columns that were read to those of the contract.

    Raises:
        ContractError: a column is missing, or its type cannot become that of the contract.
    """
    contract, mapping, place = table.contract, table.mapping, rows.reading.place
    own = {column.name: column for column in rows.columns}
    check_columns(contract, mapping, list(own), place)
    check_types(contract, mapping, rows.columns, place)
    resolved = resolve(contract, mapping, list(own))
    columns = tuple(
        MappedColumn(
            name,
            column.type,
            own[resolved[name].source] if name in resolved else None,
            resolved.get(name),
            mapping.defaults.get(name),
            column.generated and name not in resolved,
        )
        for name, column in contract.columns.items()
    )
    mapped = {given.source for given in resolved.values()} - set(mapping.attributes)
    return MappedTable(
        columns,
        tuple(column for name, column in own.items() if name not in mapped),
        own[mapping.cursor] if mapping.cursor else None,
        _cursor_format(mapping),
        _generated_key(table, rows),
    )


def _cursor_format(mapping: TableMapping) -> str | None:
    given = [
        made for made in mapping.columns.values() if isinstance(made, ColumnMapping) and made.source == mapping.cursor
    ]
    return given[0].format if given else None


def _generated_key(table: LandingTable, rows: SourceRows) -> str:
    """Keys the source lacks: the position in the file; where positions are not fixed, the number in the load."""
    if not rows.reading.keeps_position:
        return f"'{table.load_id}:' || {ROW}"
    return f"{ORIGIN} || ':' || {POSITION}" if rows.reading.has_many_files else f"cast({POSITION} as varchar)"
