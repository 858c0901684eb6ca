"""A Great Expectations data source for DuckDB; GX has none.

GX closes a connection before it fetches from it, and DuckDB then drops the pending result. So one connection stays
open. All expectations run as SQL on it; no table is loaded into Python. Import this module late: importing GX
takes seconds.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Literal

import duckdb
import great_expectations as gx
import sqlalchemy as sa
from duckdb_engine import ConnectionWrapper
from great_expectations.compatibility import pydantic
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine import SqlAlchemyExecutionEngine


class KeptConnectionEngine(SqlAlchemyExecutionEngine):  # type: ignore[misc]
    """GX's SQL engine, with one connection that stays open."""

    _kept: sa.Connection | None = None

    @contextmanager
    def get_connection(self) -> Generator[sa.Connection, None, None]:
        if self._kept is None:
            self._kept = self.engine.connect()
        yield self._kept

    def release(self) -> None:
        """Close the kept connection."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None


class DuckDBDatasource(SQLDatasource):  # type: ignore[misc]
    """A GX data source on an open DuckDB connection, which `use` sets."""

    type: Literal["duckdb"] = "duckdb"
    _shared: sa.Engine | None = pydantic.PrivateAttr(None)
    _kept_engine: KeptConnectionEngine | None = pydantic.PrivateAttr(None)

    def use(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Evaluate on the database of `connection`, with its views, attached files and settings."""
        self._shared = sa.create_engine("duckdb://", creator=lambda: ConnectionWrapper(connection.cursor()))
        self._kept_engine = KeptConnectionEngine(engine=self._shared, create_temp_table=False)

    def finish(self) -> None:
        """Close the connections opened on the database."""
        if self._kept_engine is not None:
            self._kept_engine.release()
        if self._shared is not None:
            self._shared.dispose()

    def get_engine(self) -> sa.Engine:
        return self._shared if self._shared is not None else super().get_engine()

    def get_execution_engine(self) -> SqlAlchemyExecutionEngine:
        return self._kept_engine if self._kept_engine is not None else super().get_execution_engine()


def new_context() -> Any:
    """An ephemeral GX context: no analytics, no progress bars, nothing on disk but the requested Data Docs."""
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


def new_datasource(context: Any, connection: duckdb.DuckDBPyConnection) -> DuckDBDatasource:
    """A data source of `context` on an open DuckDB connection."""
    datasource: DuckDBDatasource = context.data_sources.add_duckdb(name="duckdb", connection_string="duckdb://")
    datasource.use(connection)
    return datasource
