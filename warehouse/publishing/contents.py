"""The contents of a release: the published tables, their descriptions, and a fingerprint of their rows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.building.dbt_process import PUBLISHED_SCHEMAS, descriptions_file
from warehouse.core.errors import PublishError
from warehouse.core.settings import Settings


@dataclass(frozen=True)
class PublishedTable:
    schema: str
    name: str
    comment: str
    columns: tuple[tuple[str, str, str], ...]  # name, type, comment

    @property
    def path(self) -> str:
        return f'"{self.schema}"."{self.name}"'

    def has(self, column: str) -> bool:
        return any(name == column for name, _, _ in self.columns)


def published_tables(connection: duckdb.DuckDBPyConnection, settings: Settings) -> list[PublishedTable]:
    """The tables to publish in a fixed order, with their descriptions from dbt."""
    rows = connection.execute(
        """
        select schema_name, table_name, column_name, data_type
        from duckdb_columns()
        where database_name = current_database() and schema_name in (select unnest(?))
        order by schema_name, table_name, column_index
        """,
        [list(PUBLISHED_SCHEMAS)],
    ).fetchall()
    described = _descriptions(descriptions_file(settings))
    grouped: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for schema, table, column, kind in rows:
        grouped.setdefault((schema, table), []).append((column, kind))
    if not grouped:
        raise PublishError(
            f"{settings.warehouse_file}: holds no table of {', '.join(PUBLISHED_SCHEMAS)}; run the build stage first"
        )
    tables = []
    for (schema, table), columns in grouped.items():
        comment, comments = described.get((schema, table), ("", {}))
        commented = tuple((name, kind, comments.get(name.lower(), "")) for name, kind in columns)
        tables.append(PublishedTable(schema, table, comment, commented))
    return tables


def _descriptions(file: Path) -> dict[tuple[str, str], tuple[str, dict[str, str]]]:
    """(schema, table) -> (description, {column: description}) of dbt models; empty where dbt never ran."""
    if not file.exists():
        return {}
    nodes = json.loads(file.read_text(encoding="utf-8"))
    return {(node["schema"], node["name"]): (node["description"], node["columns"]) for node in nodes}


def fingerprint(connection: duckdb.DuckDBPyConnection, tables: list[PublishedTable]) -> tuple[dict[str, int], str]:
    """Rows per table, and one hexadecimal digest of names, types and contents, whatever the order of rows."""
    digest = hashlib.sha256()
    counts = {}
    for table in tables:
        query = f"select count(*), sum(hash(t)::hugeint), bit_xor(hash(t)) from {table.path} as t"  # noqa: S608
        contents = connection.execute(query).fetchall()[0]
        counts[table.path] = contents[0]
        digest.update(repr((table.path, [(name, kind) for name, kind, _ in table.columns], contents)).encode())
    return counts, digest.hexdigest()


def model_versions(connection: duckdb.DuckDBPyConnection, tables: list[PublishedTable]) -> dict[str, str]:
    """Score table -> the model versions behind it, comma-separated."""
    versions = {}
    for table in tables:
        if table.schema == "scores" and table.has("model_version"):
            query = (
                f"select distinct model_version::varchar from {table.path} where model_version is not null order by 1"  # noqa: S608
            )
            versions[table.name] = ", ".join(row[0] for row in connection.execute(query).fetchall())
    return {name: found for name, found in versions.items() if found}
