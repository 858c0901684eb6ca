"""Step 1, read: rows of the source as a temporary DuckDB table, each with its file, position and number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from warehouse.connectors import connector
from warehouse.connectors.reading import ORIGIN, POSITION, ROW, Reading, TableRequest
from warehouse.core.errors import RapportError, SourceError
from warehouse.landing.columns import SourceColumn
from warehouse.landing.schema_check import check_columns
from warehouse.landing.table import LandingTable

#: The relation of the rows that were read.
RELATION = "source_rows"


@dataclass(frozen=True)
class SourceRows:
    """What was read: the columns of `RELATION` without those that reading adds; none where nothing is new."""

    reading: Reading
    columns: tuple[SourceColumn, ...]


def read(connection: duckdb.DuckDBPyConnection, table: LandingTable) -> SourceRows:
    """Read the rows of one table that may be new.

    Raises:
        MissingTable: the source has no such table or file.
        SourceError: it cannot be read.
        ContractError: a mapped or required column is missing.
    """
    reading = connector(table.config).read(_request(table))
    for place, columns in reading.columns.items():
        check_columns(table.contract, table.mapping, columns, place)
    if reading.batches is None:
        return SourceRows(reading, ())
    try:
        parts = _store(connection, reading.batches())
    except Exception as error:
        raise _named(table, error) from error
    if not parts:
        return SourceRows(reading, ())
    connection.execute(
        f"create temp view {RELATION} as " + " union all by name ".join(f"select * from {part}" for part in parts)
    )
    described = connection.execute(f"describe {RELATION}").fetchall()
    added = (ORIGIN, POSITION, ROW)
    return SourceRows(reading, tuple(SourceColumn(row[0], row[1]) for row in described if row[0] not in added))


def _request(table: LandingTable) -> TableRequest:
    # rows at or after the night were left in the files then, so all files are read again
    is_complete = not table.earlier.rows_after_as_of
    return TableRequest(
        settings=table.settings,
        source=table.contract.source,
        table=table.contract.table,
        config=table.config,
        mapping=table.mapping,
        since=table.since,
        until=table.as_of,
        fingerprints=table.earlier.fingerprints if is_complete else {},
        file_times=table.earlier.file_times if is_complete else {},
        work=table.work / "files" / table.contract.table,
    )


def _store(connection: duckdb.DuckDBPyConnection, batches: Iterable[pa.Table]) -> list[str]:
    """Copy batches into temporary tables, a new one where the columns change; the names of the tables."""
    parts: list[str] = []
    schema, numbering = None, Numbering()
    for batch in batches:
        connection.register("batch", numbering(batch))
        if batch.schema == schema:
            connection.execute(f"insert into {parts[-1]} from batch")
        else:
            schema = batch.schema
            parts.append(f"part_{len(parts)}")
            connection.execute(f"create temp table {parts[-1]} as from batch")
        connection.unregister("batch")
    return parts


class Numbering:
    """Adds to each row its number in its file and its number in all that was read, both from 1."""

    def __init__(self) -> None:
        self._row = 0
        self._origin: str | None = None
        self._position = 0

    def __call__(self, table: pa.Table) -> pa.Table:
        rows = np.arange(self._row + 1, self._row + len(table) + 1)
        if ORIGIN in table.column_names:
            positions = self._positions(table.column(ORIGIN).combine_chunks(), len(table))
        else:
            table, positions = table.append_column(ORIGIN, pa.repeat("", len(table))), rows
        self._row += len(table)
        return table.append_column(POSITION, pa.array(positions)).append_column(ROW, pa.array(rows))

    def _positions(self, origins: pa.Array, count: int) -> npt.NDArray[np.int64]:
        positions = np.empty(count, np.int64)
        runs = pc.run_end_encode(origins) if count else None
        start = 0
        for end, origin in zip(runs.run_ends.to_pylist(), runs.values.to_pylist(), strict=True) if runs else ():
            if origin != self._origin:
                self._origin, self._position = origin, 0
            positions[start:end] = np.arange(self._position + 1, self._position + end - start + 1)
            self._position += end - start
            start = end
        return positions


def _named(table: LandingTable, error: BaseException) -> RapportError:
    """The project's own error inside the error of a library, or one made of the innermost; it names the table."""
    innermost, ours = error, None
    while innermost is not None:
        if isinstance(innermost, RapportError):
            ours = innermost
            break
        inner = innermost.__cause__ or innermost.__context__
        if inner is None:
            break
        innermost = inner
    if ours is None:
        words = " ".join(str(innermost).split())[:200]
        return SourceError(f"{table.name}: reading failed ({type(innermost).__name__}: {words}); see `rapport doctor`")
    return ours if str(ours).startswith(table.name) else type(ours)(f"{table.name}: {ours}")
