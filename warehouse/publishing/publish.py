"""Publish a night: one new database file with everything readers see, then one atomic switch.

The database gets its final name only when it is complete. A publish that is killed at any moment leaves readers on the
current release, and the next publish starts again. The release id consists of the night and a fingerprint of the
contents, so publishing the same contents again changes nothing.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, date, datetime
from importlib import metadata

import duckdb

from warehouse.building.read_back import keep_history
from warehouse.core.atomic import atomic_file, sync
from warehouse.core.errors import PublishError
from warehouse.core.home import claim
from warehouse.core.quoting import literal
from warehouse.core.reports import StageReport, TableCount
from warehouse.core.settings import PROJECT, Settings
from warehouse.delivery.exports import export
from warehouse.publishing.contents import (
    PublishedTable,
    fingerprint,
    model_versions,
    published_tables,
)
from warehouse.publishing.releases import (
    Release,
    list_releases,
    prune,
    release_file,
    switch,
    write_description,
)

_MEMORY = "2GB"
_HISTORY_COLUMNS = {
    "release_id": "As-of date and the first eight digits of the fingerprint",
    "as_of": "As-of date of the run; only data before it counts",
    "published_at": "Time of publication, UTC",
    "code_version": "Version of Rapport, with the commit where known",
    "model_versions": "Model versions by score table",
    "table_count": "Number of tables in the release, without this one",
    "row_count": "Number of rows in these tables",
    "fingerprint": "Hash of names, types and contents of these tables, independent of row order",
    "is_this_release": "Whether this file is that release",
}


def publish(settings: Settings, as_of: date) -> StageReport:
    """Publish the warehouse of `as_of` and its exports, and switch readers unless they see a newer night.

    Repeating it is harmless. Memory is bounded; the disk holds the release twice at most. `pipeline.stages` checks
    before that the warehouse holds `as_of`.

    Raises:
        PublishError: there is no warehouse, or it cannot be read.
    """
    if not settings.warehouse_file.exists():
        raise PublishError(f"{settings.warehouse_file}: no warehouse to publish; run the build stage of {as_of} first")
    with claim(settings), _open(settings) as connection:
        tables = published_tables(connection, settings)
        counts, digest = fingerprint(connection, tables)
        release_id = f"{as_of}-{digest[:8]}"
        file = release_file(settings, release_id)
        if not file.exists():
            release = Release(
                release_id, as_of, _now(), _code_version(), model_versions(connection, tables),
                len(tables), sum(counts.values()), digest,
            )  # fmt: skip
            _write(connection, settings, tables, release)
        with duckdb.connect(str(file), read_only=True) as published:
            keep_history(published, settings, as_of)
        exported = export(settings, as_of, file)
        current = switch(settings)
        removed = prune(settings, keep=release_id)
    return StageReport(
        "publish",
        rows_in=sum(counts.values()),
        rows_out=sum(counts.values()),
        tables=tuple(TableCount(f"{t.schema}.{t.name}", counts[t.path], counts[t.path]) for t in tables),
        notes=(*_notes(settings, release_id, current, removed), *exported),
    )


def _open(settings: Settings) -> duckdb.DuckDBPyConnection:
    spill = settings.serving / ".spill"
    shutil.rmtree(spill, ignore_errors=True)
    connection = duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": str(spill)})
    try:  # attached under the name it was built with, which views contain
        connection.execute(f'attach {literal(settings.warehouse_file)} as "{settings.warehouse_file.stem}" (read_only)')
        connection.execute(f'use "{settings.warehouse_file.stem}"')
    except duckdb.Error as error:
        connection.close()
        reason = str(error).splitlines()[0]
        raise PublishError(
            f"{settings.warehouse_file}: cannot be read ({reason}); end the process that writes it, then repeat"
        ) from error
    return connection


def _write(
    connection: duckdb.DuckDBPyConnection, settings: Settings, tables: list[PublishedTable], release: Release
) -> None:
    """Write `release.json`, then the database; a release without a database is not complete."""
    file = release_file(settings, release.release_id)
    shutil.rmtree(file.parent, ignore_errors=True)
    file.parent.mkdir(parents=True)
    write_description(file.parent, release)
    with atomic_file(file) as temporary:
        connection.execute(f"attach {literal(temporary)} as release")
        for schema in sorted({table.schema for table in tables} | {"meta"}):
            connection.execute(f'create schema release."{schema}"')
        for table in tables:
            connection.execute(f"create table release.{table.path} as select * from {table.path} order by all")  # noqa: S608
            _comment(connection, table)
        _write_history(connection, [release, *list_releases(settings)][: settings.config.releases_kept])
        connection.execute("detach release")
    sync(file.parent.parent)


def _comment(connection: duckdb.DuckDBPyConnection, table: PublishedTable) -> None:
    if table.comment:
        connection.execute(f"comment on table release.{table.path} is {literal(table.comment)}")
    for name, _, comment in table.columns:
        if comment:
            connection.execute(f'comment on column release.{table.path}."{name}" is {literal(comment)}')


def _write_history(connection: duckdb.DuckDBPyConnection, releases: list[Release]) -> None:
    """`meta.releases`: this release and the others that were kept when it was published, newest first."""
    connection.execute(
        """
        create table release.meta.releases (
            release_id varchar primary key, as_of date, published_at timestamp, code_version varchar,
            model_versions json, table_count bigint, row_count bigint, fingerprint varchar, is_this_release boolean
        )
        """
    )
    connection.execute(
        "comment on table release.meta.releases is 'One row per release kept when this one was published'"
    )
    for column, comment in _HISTORY_COLUMNS.items():
        connection.execute(f"comment on column release.meta.releases.{column} is {literal(comment)}")
    this = releases[0].release_id
    for item in sorted(releases, key=lambda item: (item.as_of, item.published_at), reverse=True):
        values = [
            item.release_id, item.as_of, item.published_at, item.code_version, json.dumps(item.model_versions),
            item.table_count, item.row_count, item.fingerprint, item.release_id == this,
        ]  # fmt: skip
        connection.execute(f"insert into release.meta.releases values ({', '.join('?' * len(values))})", values)  # noqa: S608


def _code_version() -> str:
    """Version of the package, and the commit where the project is a git checkout."""
    version = metadata.version("rapport")
    try:
        command = ["git", "-C", str(PROJECT), "rev-parse", "--short=12", "HEAD"]
        commit = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return version
    return f"{version}+{commit}"


def _now() -> datetime:
    """Time of publication, UTC; the only value of a release that does not depend on the night, so not fingerprinted."""
    return datetime.now(UTC).replace(tzinfo=None)


def _notes(settings: Settings, release_id: str, current: str, removed: list[str]) -> tuple[str, ...]:
    notes = [f"release {release_id}: {release_file(settings, release_id)}"]
    if current != release_id:
        notes.append(
            f"readers stay on {current}: {release_id} is older or was rolled back; "
            f"`rapport rollback {release_id}` switches readers to it"
        )
    if removed:
        notes.append(f"removed {', '.join(removed)}: only the last {settings.config.releases_kept} are kept")
    return tuple(notes)
