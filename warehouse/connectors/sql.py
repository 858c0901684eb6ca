"""Connector `sql`: tables and views of a database, through dlt and SQLAlchemy, in Arrow batches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from warehouse.connectors.reading import BATCH_ROWS, MissingTable, Reading, TableRequest
from warehouse.connectors.sqlite import sqlite_batches
from warehouse.core.configuration import SourceConfig
from warehouse.core.errors import ConfigurationError, SourceError
from warehouse.core.settings import Settings

#: Schemes of Airflow connections, and their names in SQLAlchemy.
_DIALECTS = {"postgres": "postgresql+psycopg2", "postgresql": "postgresql+psycopg2"}


def read(request: TableRequest) -> Reading:
    """How to read one table since its watermark.

    Raises:
        MissingTable: the database has no such table or view.
        SourceError: the database cannot be reached.
    """
    engine = _engine(request.settings, request.config, f"sources.{request.source}")
    schema, _, name = request.mapping.source.rpartition(".")
    table = _reflected(engine, name, schema or None, request)
    batches = sqlite_batches if engine.dialect.name == "sqlite" else _batches
    columns = tuple(column.name for column in table.columns)
    place = f"table {request.mapping.source}"
    return Reading(place=place, batches=lambda: batches(engine, table, request), columns={place: columns})


def probe(settings: Settings, source: SourceConfig) -> str:
    """Connect to the database and run `select 1`; the kind of the database."""
    engine = _engine(settings, source, "connection")
    _require_file(engine, source, "connection")
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("select 1"))
    except sa.exc.SQLAlchemyError as error:
        raise _unreachable(error, source, "connection") from error
    return f"{engine.url.get_backend_name()} answers"


def _engine(settings: Settings, source: SourceConfig, name: str) -> sa.Engine:
    """The database behind the connection of a source; addresses in Airflow's notation work too."""
    if source.connection is None:
        raise ConfigurationError(f"{name}: a sql source needs a `connection`; add it in rapport.yml")
    scheme, separator, rest = settings.connection(source.connection).partition("://")
    try:
        return sa.create_engine(_DIALECTS.get(scheme, scheme) + separator + rest)
    except (sa.exc.ArgumentError, ImportError) as error:
        raise ConfigurationError(
            f"{name}: the connection is not an address SQLAlchemy can use (expected an address such as "
            f"postgresql://user@host:5432/database, found one that starts with '{scheme[:20]}'); correct it"
        ) from error


def _reflected(engine: sa.Engine, name: str, schema: str | None, request: TableRequest) -> sa.Table:
    _require_file(engine, request.config, f"sources.{request.source}")
    try:
        return sa.Table(name, sa.MetaData(), schema=schema, autoload_with=engine, resolve_fks=False)
    except sa.exc.NoSuchTableError as error:
        raise MissingTable(
            f"{request.name}: the database has no table or view '{request.mapping.source}'; correct `from` in "
            "rapport.yml, or remove the table there"
        ) from error
    except sa.exc.SQLAlchemyError as error:
        raise _unreachable(error, request.config, f"sources.{request.source}") from error


def _require_file(engine: sa.Engine, source: SourceConfig, name: str) -> None:
    file = engine.url.database
    if engine.dialect.name == "sqlite" and file and not Path(file).exists():
        raise SourceError(f"{name}: database file {file} does not exist; {source.if_missing or 'correct `connection`'}")


def _unreachable(error: sa.exc.SQLAlchemyError, source: SourceConfig, name: str) -> SourceError:
    to_do = source.if_missing or "check that it runs and that `connection` is right (`rapport doctor`)"
    return SourceError(f"{name}: the database cannot be reached or read ({type(error).__name__}); {to_do}")


def _batches(engine: sa.Engine, table: sa.Table, request: TableRequest) -> Iterator[pa.Table]:
    from dlt.sources.sql_database import sql_table

    yield from sql_table(
        credentials=engine,
        table=table.name,
        schema=table.schema,
        chunk_size=BATCH_ROWS,
        backend="pyarrow",
        query_adapter_callback=lambda query, reflected: _wanted(query, reflected, request),
    )


def _wanted(query: sa.Select[Any], table: sa.Table, request: TableRequest) -> sa.Select[Any]:
    """Rows between the watermark and the night and rows without a usable cursor, in an order that can be repeated."""
    key = [column for column in table.primary_key.columns] or list(table.columns)[:1]
    if request.mapping.cursor is None or request.mapping.cursor not in table.columns:
        return query.order_by(*key)
    cursor = table.columns[request.mapping.cursor]
    wanted = sa.and_(sa.true(), *_bounds(cursor, request))
    if isinstance(cursor.type, sa.String):
        wanted = sa.or_(wanted, cursor.not_like("____-__-__%"))
    return query.where(sa.or_(cursor.is_(None), wanted)).order_by(cursor, *key)


def _bounds(cursor: sa.Column[Any], request: TableRequest) -> list[sa.ColumnElement[bool]]:
    since = request.since
    if isinstance(cursor.type, sa.Integer | sa.Numeric):
        return [cursor >= since] if since is not None else []
    until: Any = datetime.combine(request.until, time())
    if not isinstance(since, datetime):
        since = None
    if isinstance(cursor.type, sa.String):
        # notations vary, and a time zone can move a time by up to 14 hours; landing filters again, exactly
        since_text = (since - timedelta(days=1)).date().isoformat() if since else None
        return [cursor < request.until.isoformat(), *([cursor >= since_text] if since_text else [])]
    if isinstance(cursor.type, sa.Date):
        return [cursor < request.until, *([cursor >= since.date()] if since else [])]
    if getattr(cursor.type, "timezone", False):
        until, since = until.replace(tzinfo=UTC), since.replace(tzinfo=UTC) if since else None
    return [cursor < until, *([cursor >= since] if since else [])]
