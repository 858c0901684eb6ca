"""What later stages write to the lake and dbt reads again: scores, features of past snapshots, published history.

dbt reads them by glob, so each has a zero-row `schema.parquet` from the first night on.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import yaml

from warehouse.building.dbt_process import DBT_PROJECT
from warehouse.core.atomic import atomic_file
from warehouse.core.quoting import identifier, literal
from warehouse.core.settings import Settings


def _contracts(folder: str) -> list[str]:
    return sorted(file.stem for file in (DBT_PROJECT / "models" / folder).glob("*.yml"))


def feature_tables() -> list[str]:
    """The tables that the models read, by the contracts of `models/features/`."""
    return _contracts("features")


#: The yml contract of each table that is read back, and its folder in the lake.
READ_BACK = {
    **{f"models/scores/{name}.yml": f"scores/{name}" for name in _contracts("scores")},
    **{f"models/features/{name}.yml": f"features/{name}" for name in feature_tables() if name.endswith("_labels")},
    "models/features/customer_features.yml": "features/customer_features",
    "models/quality/model_monitoring.yml": "scores/model_monitoring",
    "models/intermediate/journey/int_journey__touchpoint_weights.yml": "scores/touchpoint_weights",
    "models/intermediate/journey/int_journey__response_time_fits.yml": "scores/response_time_fits",
    "models/intermediate/journey/int_journey__promise_slopes.yml": "scores/promise_slopes",
    "models/marts/surveys/metric_movements.yml": "scores/metric_movements",
    "models/intermediate/decisions/int_decisions__experiment_readouts.yml": "scores/experiment_readouts",
    "models/marts/customer/customer_personas.yml": "scores/customer_personas",
    "models/marts/text/hot_topics.yml": "scores/hot_topics",
    "models/marts/decisions/intervention_effects.yml": "scores/intervention_effects",
    "models/lists/retention_risk_list.yml": "history/retention_risk_list",
    "models/lists/retention_assignments.yml": "history/retention_assignments",
    "models/marts/customer/customer_360_daily.yml": "history/customer_360_daily",
}
#: Published tables whose rows of each night are kept.
HISTORY = tuple(folder.removeprefix("history/") for folder in READ_BACK.values() if folder.startswith("history/"))


def write_empty_schemas(settings: Settings) -> None:
    """Write the zero-row `schema.parquet` of every table that is read back."""
    with duckdb.connect() as connection:
        for contract, folder in READ_BACK.items():
            content = yaml.safe_load((DBT_PROJECT / contract).read_text(encoding="utf-8"))
            columns = ", ".join(
                f"cast(null as {column['data_type']}) as {identifier(column['name'])}"
                for column in content["models"][0]["columns"]
            )
            write_parquet(
                connection, f"select {columns} where false", settings.home / "lake" / folder / "schema.parquet"
            )


def keep_history(connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: date) -> None:
    """Write the night's rows of every table that keeps a history, from a published release, to the lake."""
    held = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
    for table in HISTORY:
        if (table,) in held:
            query = f"select * from marts.{table} where as_of = {literal(as_of)} order by all"  # noqa: S608
            write_parquet(connection, query, settings.history / table / f"as_of={as_of}" / "part-0.parquet")


def write_parquet(connection: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    """Write the rows of a query to a file, whole or not at all."""
    with atomic_file(file) as temporary:
        connection.execute(f"copy ({query}) to {literal(temporary)} (format parquet, compression zstd)")
