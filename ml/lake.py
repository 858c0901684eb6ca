"""Parquet in, Parquet out: the only way data reaches or leaves the models."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

PART = "part-0.parquet"

_STAMP = [("model_version", pa.string()), ("run_id", pa.string())]

#: Columns of each table that the score stage writes.
SCORE_SCHEMAS: dict[str, pa.Schema] = {
    "churn": pa.schema(
        [
            ("customer_key", pa.string()),
            ("as_of", pa.date32()),
            ("churn_probability", pa.float64()),
            ("risk_decile", pa.int64()),
            *_STAMP,
        ]
    ),
    "churn_reasons": pa.schema(
        [
            ("customer_key", pa.string()),
            ("as_of", pa.date32()),
            ("reason_rank", pa.int64()),
            ("reason_code", pa.string()),
            ("reason_en", pa.string()),
            ("reason_zh", pa.string()),
            ("contribution", pa.float64()),
            *_STAMP,
        ]
    ),
    "satisfaction_drivers": pa.schema(
        [
            ("as_of", pa.date32()),
            ("segment", pa.string()),
            ("outcome", pa.string()),
            ("driver_code", pa.string()),
            ("driver_en", pa.string()),
            ("driver_zh", pa.string()),
            ("importance_share", pa.float64()),
            ("share_low", pa.float64()),
            ("share_high", pa.float64()),
            ("effect", pa.float64()),
            ("direction", pa.string()),
            ("performance", pa.float64()),
            ("quadrant", pa.string()),
            ("response_count", pa.int64()),
            ("is_reportable", pa.bool_()),
            ("importance_rank", pa.int64()),
            *_STAMP,
        ]
    ),
    "touchpoint_weights": pa.schema(
        [
            ("as_of", pa.date32()),
            ("touchpoint", pa.string()),
            ("weight", pa.float64()),
            ("weight_low", pa.float64()),
            ("weight_high", pa.float64()),
            ("penalty", pa.float64()),
            ("penalty_low", pa.float64()),
            ("penalty_high", pa.float64()),
            ("reward", pa.float64()),
            ("reward_low", pa.float64()),
            ("reward_high", pa.float64()),
            ("met_answer_count", pa.int64()),
            ("answer_count", pa.int64()),
            ("explained_share", pa.float64()),
        ]
    ),
    "response_time_fits": pa.schema(
        [
            ("as_of", pa.date32()),
            ("outcome", pa.string()),
            ("case_count", pa.int64()),
            ("intercept", pa.float64()),
            ("slope_before", pa.float64()),
            ("slope_after", pa.float64()),
            ("slope_after_low", pa.float64()),
            ("slope_after_high", pa.float64()),
            ("knee_log", pa.float64()),
            ("knee_minutes", pa.float64()),
            ("knee_low", pa.float64()),
            ("knee_high", pa.float64()),
            ("has_knee", pa.bool_()),
            ("knee_p_value", pa.float64()),
            ("explained_share", pa.float64()),
        ]
    ),
    "promise_slopes": pa.schema(
        [
            ("as_of", pa.date32()),
            ("promise", pa.string()),
            ("touchpoint", pa.string()),
            ("segment", pa.string()),
            ("side", pa.string()),
            ("answer_count", pa.int64()),
            ("broken_answer_count", pa.int64()),
            ("unit_count", pa.int64()),
            ("unit_from", pa.float64()),
            ("unit_to", pa.float64()),
            ("slope", pa.float64()),
            ("slope_low", pa.float64()),
            ("slope_high", pa.float64()),
            ("plain_slope", pa.float64()),
            ("kept_score", pa.float64()),
            ("broken_score", pa.float64()),
            ("score_lost", pa.float64()),
            ("score_lost_low", pa.float64()),
            ("score_lost_high", pa.float64()),
            ("tolerated_units", pa.float64()),
        ]
    ),
    "experiment_readouts": pa.schema(
        [
            ("as_of", pa.date32()),
            ("experiment_id", pa.string()),
            ("metric", pa.string()),
            ("treatment_count", pa.int64()),
            ("control_count", pa.int64()),
            ("treatment_mean", pa.float64()),
            ("control_mean", pa.float64()),
            ("effect", pa.float64()),
            ("effect_low", pa.float64()),
            ("effect_high", pa.float64()),
            ("p_value", pa.float64()),
            ("sample_ratio_p_value", pa.float64()),
            ("is_sample_ratio_kept", pa.bool_()),
            ("power", pa.float64()),
            ("information_share", pa.float64()),
            ("z_value", pa.float64()),
            ("z_boundary", pa.float64()),
            ("needed_count", pa.int64()),
            ("decision", pa.string()),
        ]
    ),
}


def connect() -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that gives the same rows in the same order on every machine."""
    connection = duckdb.connect()
    connection.execute("set threads = 2; set timezone = 'UTC'; set memory_limit = '6GB'")
    return connection


def partition(table: Path, as_of: date) -> Path:
    """The file of one night of a table of the lake."""
    return table / f"as_of={as_of.isoformat()}" / PART


def nights(table: Path) -> list[date]:
    """The nights that a table of the lake holds, oldest first."""
    return sorted(date.fromisoformat(file.parent.name.removeprefix("as_of=")) for file in table.glob(f"as_of=*/{PART}"))


def relation(files: Sequence[Path]) -> str:
    """SQL that reads these files as one table, each column by its name."""
    listed = ", ".join(literal(str(file)) for file in files)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def write_scores(scores: Path, table: str, as_of: date, frame: pd.DataFrame) -> int:
    """Overwrite one night of a score table at once, and keep its zero-row `schema.parquet`; returns the rows."""
    schema = SCORE_SCHEMAS[table]
    rows = frame.assign(as_of=as_of).reindex(columns=schema.names)
    written = pa.Table.from_pandas(rows, schema=schema, preserve_index=False)
    _replace(written.schema.empty_table(), scores / table / "schema.parquet")
    _replace(written, partition(scores / table, as_of))
    return len(rows)


def _replace(table: pa.Table, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".tmp")
    pq.write_table(table, unfinished)
    unfinished.replace(file)
