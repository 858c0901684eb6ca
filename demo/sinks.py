"""Where the demo company's CRM lives: SQLite by default, PostgreSQL when an address is given."""

from __future__ import annotations

import csv
import io
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from demo.tables import CRM
from demo.typing import Columns
from warehouse.core.errors import SourceError

_CHUNK = 50_000
_UP_TO_DAY = "demo company up to day "
_FAST = ("page_size=8192", "journal_mode=off", "synchronous=off", "locking_mode=exclusive", "cache_size=-65536")


class Database(Protocol):
    """A database that takes batches of rows."""

    def create(self) -> None:
        """Drop and create all tables."""

    def insert(self, table: str, columns: Columns) -> None:
        """Append rows; columns of the table's names and order."""

    def progress(self) -> int:
        """How many days are in the database."""

    def commit(self, day: int) -> None:
        """Make what was inserted permanent, and record that the data reach up to `day`."""

    def close(self) -> None:
        """Close without committing."""


def _definition(table: str) -> str:
    columns = ", ".join(f"{name} {kind}" for name, kind in CRM[table].items())
    return f"create table {table} ({columns})"


class SqliteDatabase:
    """A SQLite file, written without a journal when it is new (a broken file is simply generated again)."""

    def __init__(self, path: Path, is_new: bool) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if is_new:
            with suppress(FileNotFoundError):
                path.unlink()
        elif not path.exists():
            raise SourceError(f"demo database: {path} is not there; give the address the company was made with")
        self._connection = sqlite3.connect(path, isolation_level=None)
        if is_new:
            for pragma in _FAST:
                self._connection.execute(f"pragma {pragma}")
        self._connection.execute("begin")

    def create(self) -> None:
        for table in CRM:
            self._connection.execute(_definition(table))

    def insert(self, table: str, columns: Columns) -> None:
        statement = f"insert into {table} values ({', '.join('?' * len(CRM[table]))})"  # noqa: S608
        total = len(next(iter(columns.values())))
        for start in range(0, total, _CHUNK):
            rows = zip(*(column[start : start + _CHUNK].tolist() for column in columns.values()), strict=True)
            self._connection.executemany(statement, rows)

    def progress(self) -> int:
        return int(self._connection.execute("pragma user_version").fetchone()[0])

    def commit(self, day: int) -> None:
        self._connection.execute(f"pragma user_version = {day}")
        self._connection.execute("commit")

    def close(self) -> None:
        self._connection.close()


class PostgresDatabase:
    """A PostgreSQL database, filled with COPY."""

    def __init__(self, url: str) -> None:
        import psycopg2  # type: ignore[import-untyped]

        address = url.replace("postgresql+psycopg2://", "postgresql://")
        try:
            self._connection: Any = psycopg2.connect(address)
        except psycopg2.Error as error:
            reason = " ".join(str(error).split())
            raise SourceError(
                f"demo database: cannot connect: {reason}; check the address given as database URL"
            ) from error

    def create(self) -> None:
        with self._connection.cursor() as cursor:
            for table in CRM:
                cursor.execute(f"drop table if exists {table}")
                cursor.execute(_definition(table))

    def insert(self, table: str, columns: Columns) -> None:
        buffer = io.StringIO()
        csv.writer(buffer).writerows(zip(*(column.tolist() for column in columns.values()), strict=True))
        buffer.seek(0)
        with self._connection.cursor() as cursor:
            cursor.copy_expert(f"copy {table} from stdin with (format csv)", buffer)

    def progress(self) -> int:
        with self._connection.cursor() as cursor:
            cursor.execute("select obj_description(to_regclass('accounts'), 'pg_class')")
            comment = cursor.fetchone()[0]
        return int(comment.removeprefix(_UP_TO_DAY)) if comment else 0

    def commit(self, day: int) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(f"comment on table accounts is '{_UP_TO_DAY}{day}'")
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()


def open_database(url: str | None, path: Path, is_new: bool) -> Database:
    """The database at `url`, or the SQLite file `path`.

    Raises:
        SourceError: where the address is of another kind, or nobody answers there.
    """
    if url is None:
        return SqliteDatabase(path, is_new)
    if url.startswith("sqlite:///"):
        return SqliteDatabase(Path(url.removeprefix("sqlite:///")), is_new)
    if url.startswith(("postgresql://", "postgresql+psycopg2://", "postgres://")):
        return PostgresDatabase(url)
    raise SourceError(
        f"demo database: '{url.split(':', maxsplit=1)[0]}' is not supported; give a sqlite:/// or postgresql:// address"
    )
