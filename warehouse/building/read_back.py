"""Tables that later stages write to the lake and dbt reads back: scores, features of past snapshots, published history.

They are the sources of `models/_lake__sources.yml`. dbt reads them by glob, so each has a `schema.parquet` without rows
from the first night on.
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


def feature_tables() -> list[str]:
    """The tables that the machine-learning models read: those of `models/features/`."""
    return sorted(file.stem for file in (DBT_PROJECT / "models" / "features").glob("*.yml"))


def _read_back() -> dict[str, str]:
    """The yml with the columns of each table of `models/_lake__sources.yml`, and the folder of the table in the lake.

    The columns are those of the model `<table>` or `int_<domain>__<table>`, which reads the table. Labels are read back
    by the models in `ml`.
    """
    models = DBT_PROJECT / "models"
    sources = yaml.load((models / "_lake__sources.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)["sources"]
    tables = [(source["name"].removeprefix("lake_"), table["name"]) for source in sources for table in source["tables"]]
    tables += [("features", name) for name in feature_tables() if name.endswith("_labels")]
    files = {file.stem: file.relative_to(DBT_PROJECT) for file in models.rglob("*.yml")}
    files |= {stem.partition("__")[2]: file for stem, file in files.items() if stem.startswith("int_")} | files
    return {str(files[name]): f"{folder}/{name}" for folder, name in tables}


#: The yml with the columns of each table that is read back, and its folder in the lake.
READ_BACK = _read_back()
#: Published tables whose rows of each night are kept.
HISTORY = tuple(folder.removeprefix("history/") for folder in READ_BACK.values() if folder.startswith("history/"))


def write_empty_schemas(settings: Settings) -> None:
    """Write the `schema.parquet` without rows of every table that is read back."""
    with duckdb.connect() as connection:
        for contract, folder in READ_BACK.items():
            content = yaml.load((DBT_PROJECT / contract).read_text(encoding="utf-8"), yaml.CSafeLoader)
            columns = ", ".join(
                f"cast(null as {column['data_type']}) as {identifier(column['name'])}"
                for column in content["models"][0]["columns"]
            )
            write_parquet(
                connection, f"select {columns} where false", settings.home / "lake" / folder / "schema.parquet"
            )


def keep_history(connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: date) -> None:
    """Write the night's rows of every table that keeps a history, from a published release, to the lake."""
    published = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
    for table in HISTORY:
        if (table,) in published:
            query = f"select * from marts.{table} where as_of = {literal(as_of)} order by all"  # noqa: S608
            write_parquet(connection, query, settings.history / table / f"as_of={as_of}" / "part-0.parquet")


def write_parquet(connection: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    """Write the rows of a query to a file, whole or not at all."""
    with atomic_file(file) as temporary:
        connection.execute(f"copy ({query}) to {literal(temporary)} (format parquet, compression zstd)")
