"""Fingerprints of a published file: one hash a table, over all rows and columns, whatever their order."""

from __future__ import annotations

from pathlib import Path

import duckdb

#: When and by which run something was published is not content.
NOT_CONTENT = {("meta", "releases")}


def fingerprints(published: Path) -> dict[str, str]:
    """`{schema.table: rows and hash}` of every table a reader can see."""
    with duckdb.connect(str(published), read_only=True) as reader:
        tables = reader.execute(
            """
            select table_schema, table_name from information_schema.tables
            where table_type = 'BASE TABLE' order by all
            """
        ).fetchall()
        found = {}
        for schema, table in tables:
            if (schema, table) in NOT_CONTENT:
                continue
            row = reader.execute(
                f'select count(*), sum(hash(row_))::varchar from "{schema}"."{table}" as row_'
            ).fetchone()
            found[f"{schema}.{table}"] = f"{row[0]} rows, {row[1]}" if row else "missing"
        return found
