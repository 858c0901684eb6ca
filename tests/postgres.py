"""A real PostgreSQL on loopback, for the tests of what reads and writes databases."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

_DATABASES = count(1)


def _programs() -> Path:
    """Folder of PostgreSQL's server programs: Debian's, or that of the `pg_ctl` on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")) or [Path(shutil.which("pg_ctl") or "")]
    if not found[-1].is_file():
        pytest.fail("PostgreSQL is not installed: apt-get install postgresql")
    return found[-1].parent


def _as_owner(*command: str) -> None:
    """Run as the user `postgres` where we are root, since the server refuses to be run by root."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Address of a server of our own, without a database name; it is gone when the tests are done."""
    programs, folder = _programs(), Path(tempfile.mkdtemp(prefix="rapport-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = str(folder / "data")
    settings = ("-U", "rapport", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
    _as_owner(str(programs / "initdb"), "-D", data, *settings)
    options = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off"
    _as_owner(str(programs / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://rapport@127.0.0.1:{port}"
    finally:
        _as_owner(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """Address of a new, empty database."""
    import psycopg2

    name = f"test_{next(_DATABASES)}"
    connection = psycopg2.connect(f"{postgres_server}/postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"create database {name}")
    connection.close()
    return f"{postgres_server}/{name}"
