"""The run record `<home>/warehouse.json`: which night the warehouse holds, and what it was built from.

The stage `build` removes the record before it changes a table and writes it when every table is complete. So a missing
record means that the warehouse may be incomplete, and the next build is a full refresh. The same holds for a record
that is damaged or was written by another version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

import duckdb

from warehouse.building.dbt_process import DBT_PROJECT, PER_RUN_VARIABLES
from warehouse.building.seeds import seeds_digest
from warehouse.contracts import contracts
from warehouse.core.atomic import sync, write_json
from warehouse.core.errors import BuildError
from warehouse.core.quoting import literal
from warehouse.core.settings import Settings


@dataclass(frozen=True)
class RunRecord:
    """What the warehouse holds.

    Attributes:
        as_of: the night, as an ISO date.
        code: digest of models, macros, dbt variables that do not change from run to run, and versions of the engines.
        seeds: digest of the seeds in the lake and of their tests.
        lake: digest of the rows landed and quarantined up to `as_of`.
        features: digest of the feature files of past nights (name, size and time of writing).
        is_built: whether the tables of `build` are complete; not while `build_features` changes the feature tables.
        is_decided: whether the tables of `decide` are complete, too.
    """

    as_of: str
    code: str
    seeds: str
    lake: str
    features: str
    is_built: bool = True
    is_decided: bool = False


def read_record(settings: Settings) -> RunRecord | None:
    """The run record; None where it is missing or cannot be used, or where there is no warehouse file."""
    file = _file(settings)
    if not (file.exists() and settings.warehouse_file.exists()):
        return None
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        date.fromisoformat(content["as_of"])
    except (ValueError, TypeError, KeyError):
        return None
    return RunRecord(**content) if content.keys() == {field.name for field in fields(RunRecord)} else None


def save_record(settings: Settings, record: RunRecord) -> None:
    """Write the run record."""
    write_json(_file(settings), asdict(record), indent=1)


def remove_record(settings: Settings) -> None:
    """Call before the first change of the warehouse: it may be incomplete from now on."""
    file = _file(settings)
    if file.exists():
        file.unlink()
        sync(file.parent)  # else the record could be back after a power failure


def record_build(settings: Settings, as_of: date, variables: Mapping[str, Any]) -> None:
    """Record that the warehouse is completely built for `as_of`."""
    code, seeds = code_digest(variables), seeds_digest(settings)
    save_record(
        settings, RunRecord(as_of.isoformat(), code, seeds, lake_digest(settings, as_of), features_digest(settings))
    )


@contextmanager
def changing(settings: Settings, stage: Literal["build_features", "decide"]) -> Iterator[None]:
    """Mark the tables of a stage as incomplete in the record while it runs, and as complete if it succeeds."""
    record = read_record(settings)
    if record is None:
        yield
        return
    is_features = stage == "build_features"
    incomplete = replace(record, is_built=False) if is_features else replace(record, is_decided=False)
    save_record(settings, incomplete)
    yield
    save_record(settings, replace(record, is_built=True) if is_features else replace(record, is_decided=True))


def require(settings: Settings, as_of: date, stage: Literal["night", "build", "decide"]) -> None:
    """Raises BuildError unless the warehouse holds `as_of`, with the tables up to `stage` complete."""
    record = read_record(settings)
    if record is None or record.as_of != as_of.isoformat():
        found = record.as_of if record else "no complete build"
        raise BuildError(
            f"{settings.warehouse_file}: holds {found}, expected {as_of}; run this night again from the build stage on"
        )
    is_complete = {"night": True, "build": record.is_built, "decide": record.is_built and record.is_decided}[stage]
    if not is_complete:
        raise BuildError(
            f"{settings.warehouse_file}: the stage {stage} of {as_of} is not complete; run this night from there on"
        )


def code_digest(variables: Mapping[str, Any]) -> str:
    """Digest of models, macros, the dbt variables that do not change from run to run, and versions of the engines."""
    digest = hashlib.sha256()
    for folder in ("models", "macros"):
        for file in sorted((DBT_PROJECT / folder).rglob("*.*")):
            digest.update(f"{file.relative_to(DBT_PROJECT)}\0".encode() + file.read_bytes())
    lasting = {name: value for name, value in variables.items() if name not in PER_RUN_VARIABLES}
    versions = [metadata.version(package) for package in ("dbt-core", "dbt-duckdb", "duckdb")]
    digest.update(json.dumps([lasting, versions], sort_keys=True).encode())
    return digest.hexdigest()


def lake_digest(settings: Settings, as_of: date) -> str:
    """Digest of what a build of `as_of` reads of the lake: number of landed rows and the quarantined rows per table.

    Raises:
        BuildError: a file of the lake cannot be read.
    """
    day = f"date {literal(as_of)}"
    digest = hashlib.sha256()
    with duckdb.connect() as connection:
        for contract in contracts().values():
            landed, quarantined = (
                f"read_parquet({literal(folder / contract.source / contract.table / '**' / '*.parquet')}, "
                "union_by_name = true, hive_partitioning = false)"
                for folder in (settings.landing, settings.quarantine)
            )
            released = f"case when released_as_of <= {day} then released_as_of end"
            query = (
                f"select (select count(*) from {landed} where _as_of <= {day}), count(*), "  # noqa: S608
                f"bit_xor(hash(_load_id, _row_number, rule, {released})) from {quarantined} where _as_of <= {day}"
            )
            try:
                digest.update(f"{contract.name}{connection.execute(query).fetchall()}".encode())
            except duckdb.Error as error:
                reason = str(error).splitlines()[0]
                raise BuildError(
                    f"{contract.name}: a file of the lake cannot be read ({reason}); restore it from a backup"
                ) from error
    return digest.hexdigest()


def features_digest(settings: Settings) -> str:
    """Digest of the names, sizes and times of writing of all feature files."""
    digest = hashlib.sha256()
    for file in sorted(settings.features.glob("*/as_of=*/*.parquet")):
        written = file.stat()
        digest.update(f"{file.relative_to(settings.features)}\0{written.st_size}\0{written.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def _file(settings: Settings) -> Path:
    return settings.home / "warehouse.json"
