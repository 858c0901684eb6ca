"""The published tables from one plain script: the SQL of the models, run by DuckDB alone.

What dbt adds to it (processes, contracts, tests, catalog) is the ratio that `make bench` reports. The SQL is that of
the project; nobody keeps a second set of forty tables by hand only to time it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import duckdb

from warehouse.core.quoting import identifier, literal


def main(home: Path, work: Path) -> None:
    """Build every model of the last build of `home` in a new file under `work`; print the seconds it took."""
    results = json.loads((home / "dbt" / "results.json").read_text(encoding="utf-8"))
    models = [
        (one["schema"], one["table"], one["materialized"], one["query"]) for one in results if one["kind"] == "model"
    ]
    work.mkdir(parents=True, exist_ok=True)
    os.chdir(home)  # the lake is named from there
    with duckdb.connect(str(work / "warehouse.duckdb"), config={"memory_limit": "8GB"}) as connection:
        connection.execute("set timezone = 'UTC'; set preserve_insertion_order = false")
        connection.execute(f"attach {literal(home / 'warehouse.duckdb')} as built (read_only)")
        started = time.monotonic()
        for (seed,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'built' and schema_name = 'seeds'"
        ).fetchall():
            connection.execute("create schema if not exists seeds")
            connection.execute(f"create table seeds.{identifier(seed)} as from built.seeds.{identifier(seed)}")
        for schema, name, materialized, query in models:
            kind = "view" if materialized == "view" else "table"
            connection.execute(f"create schema if not exists {identifier(schema)}")
            connection.execute(f"create {kind} {identifier(schema)}.{identifier(name)} as {query}")
        seconds = time.monotonic() - started
    sys.stdout.write(f"{seconds:.1f}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
