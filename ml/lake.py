"""Reading and writing the lake: models read and write data only as Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.core.atomic import atomic_file
from warehouse.core.errors import ModelError
from warehouse.core.settings import Settings

PART = "part-0.parquet"


@dataclass(frozen=True)
class ScoreTable:
    """A table that the score stage writes, one file a night: `lake/scores/<name>/as_of=.../`.

    dbt publishes it through the model of the same name in `dbt_project/models/scores/`, contracted to these columns.
    """

    name: str
    schema: pa.Schema

    def write(self, scores: Path, as_of: date, frame: pd.DataFrame) -> int:
        """Overwrite one night and the zero-row `schema.parquet`; returns the number of rows.

        Columns that the table does not have are dropped, columns that the frame lacks are empty.
        """
        rows = frame.assign(as_of=as_of).reindex(columns=self.schema.names)
        written = self.schema.empty_table()
        if len(rows):
            written = pa.Table.from_pandas(rows, schema=self.schema, preserve_index=False)
        _replace(written.schema.empty_table(), scores / self.name / "schema.parquet")
        _replace(written, partition(scores / self.name, as_of))
        return len(rows)


def stamp_columns() -> list[tuple[str, pa.DataType]]:
    """The columns that name the model behind a row."""
    return [("model_version", pa.string()), ("run_id", pa.string())]


def connect() -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with fixed threads and time zone, so that results do not depend on the machine."""
    connection = duckdb.connect()
    connection.execute("set threads = 2; set timezone = 'UTC'; set memory_limit = '6GB'")
    return connection


def partition(table: Path, as_of: date) -> Path:
    """The file of one night of a table of the lake."""
    return table / f"as_of={as_of.isoformat()}" / PART


def nights(table: Path) -> list[date]:
    """The nights that a table of the lake holds, oldest first."""
    return sorted(date.fromisoformat(file.parent.name.removeprefix("as_of=")) for file in table.glob(f"as_of=*/{PART}"))


def read_seed(settings: Settings, name: str) -> pd.DataFrame:
    """The lines of a seed as the build stage wrote them, with the company's own lines; empty cells are missing values.

    Raises:
        ModelError: the lake has no such seed.
    """
    file = settings.seeds / f"{name}.parquet"
    if not file.exists():
        raise ModelError(f"{file}: no such seed in the lake; run the build stage first")
    return pd.read_parquet(file)


def read_thresholds(settings: Settings, name: str) -> dict[str, float]:
    """The numbers of a seed of thresholds (columns `name` and `value`), by name, and those of `shared_thresholds`.

    A name in both seeds has the number of the given one.
    """
    seeds = [read_seed(settings, "shared_thresholds"), read_seed(settings, name)]
    return {str(key): float(value) for seed in seeds for key, value in zip(seed["name"], seed["value"], strict=True)}


def previous_partition(table: Path, as_of: date) -> Path | None:
    """The file of the latest night before `as_of` of a table of the lake, or None."""
    earlier = [night for night in nights(table) if night < as_of]
    return partition(table, earlier[-1]) if earlier else None


def relation(files: Sequence[Path]) -> str:
    """SQL that reads these files as one table, each column by its name."""
    listed = ", ".join(literal(str(file)) for file in files)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _replace(table: pa.Table, file: Path) -> None:
    with atomic_file(file) as temporary:
        pq.write_table(table, temporary)
