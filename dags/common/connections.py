"""Airflow connections as addresses and secrets for the stages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException, AirflowRuntimeError

from warehouse.core.settings import Settings

_DIALECTS = {"postgres": "postgresql", "mysql": "mysql", "mssql": "mssql", "oracle": "oracle"}


def with_connections(settings: Settings) -> Settings:
    """Settings with the Airflow connections that the configuration names.

    The stage looks up connections that Airflow lacks in the environment, and reports those that are missing there too.
    """
    known = {}
    for name, is_secret in _named(settings):
        connection = find(name)
        if connection is not None:
            known[name] = (connection.password or "") if is_secret else address(connection)
    return replace(settings, connections={**settings.connections, **known})


def find(name: str) -> Connection | None:
    """The connection with this id, or None."""
    try:
        connection: Connection = Connection.get(name)
    except (AirflowNotFoundException, AirflowRuntimeError):
        return None
    return connection


def address(connection: Connection) -> str:
    """The address of a connection: a URL for the web, a SQLAlchemy URL for a database."""
    kind = connection.conn_type or ""
    if kind in ("http", "https"):
        return _web_address(connection, kind)
    if kind == "sqlite":
        return f"sqlite:///{connection.host or connection.schema or ''}"
    from sqlalchemy.engine import URL

    url = URL.create(
        _DIALECTS.get(kind, kind),
        username=connection.login or None,
        password=connection.password or None,
        host=connection.host or None,
        port=connection.port,
        database=connection.schema or None,
        query={key: str(value) for key, value in connection.extra_dejson.items()},
    )
    return url.render_as_string(hide_password=False)


def _web_address(connection: Connection, kind: str) -> str:
    """The host may be a whole address; the schema is the protocol (as in Airflow's form) or the path (as in a URI)."""
    host, schema = connection.host or "", connection.schema or ""
    protocol, path = (schema, "") if schema in ("http", "https") else (kind, schema)
    base = host if "://" in host else f"{protocol}://{host}"
    port = f":{connection.port}" if connection.port else ""
    path = path or str(connection.extra_dejson.get("endpoint", ""))
    return f"{base}{port}/{path.lstrip('/')}" if path else f"{base}{port}"


def _named(settings: Settings) -> Iterator[tuple[str, bool]]:
    """(connection id, is it the secret of a source's authentication) for each one the configuration names."""
    for source in settings.config.sources.values():
        if source.connection and "://" not in source.connection:
            yield source.connection, False
        if source.auth:
            yield source.auth.connection, True
