"""What the warehouse file holds whole: which night, made by what, from which part of the lake.

A later night goes on from there when nothing of that has changed; else every table is made anew. While a build runs the
note is gone, so a build that was killed is followed by a whole one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

import duckdb

from warehouse.building.dbt_process import DBT_PROJECT, OF_THE_NIGHT
from warehouse.building.seeds import seeds_digest
from warehouse.contracts import contracts
from warehouse.core.errors import BuildError
from warehouse.core.quoting import literal
from warehouse.core.settings import Settings

_MADE_BY = ("models", "macros")


@dataclass(frozen=True)
class Built:
    """`code` digests the dbt project and its variables, `lake` what was landed and in quarantine up to `as_of`.

    `features` says which files hold the features of this and earlier nights, by name, size and time of writing.
    """

    as_of: str
    code: str
    lake: str
    features: str


def since(settings: Settings, as_of: date, variables: Mapping[str, Any]) -> date | None:
    """The earlier night from which the build of `as_of` can go on; None where all must be made anew."""
    built = _read(settings)
    if built is None or built.as_of >= as_of.isoformat() or built.code != _code(settings, variables):
        return None
    night = date.fromisoformat(built.as_of)
    return night if built.lake == _lake(settings, night) else None


def holds(settings: Settings, as_of: date, variables: Mapping[str, Any]) -> bool:
    """Whether the warehouse is whole, of `as_of`, made by the same SQL from a lake that is unchanged since."""
    built = _read(settings)
    return (
        built is not None
        and built.as_of == as_of.isoformat()
        and built.code == _code(settings, variables)
        and built.lake == _lake(settings, as_of)
    )


def knows_features(settings: Settings) -> bool:
    """Whether the features of earlier nights are still those that the warehouse was made from."""
    built = _read(settings)
    return built is not None and built.features == _features(settings)


def forget(settings: Settings) -> None:
    """From now on the warehouse may be half of one night and half of another."""
    _note(settings).unlink(missing_ok=True)


def remember(settings: Settings, as_of: date, variables: Mapping[str, Any]) -> None:
    """The warehouse is whole, of `as_of`."""
    built = Built(as_of.isoformat(), _code(settings, variables), _lake(settings, as_of), _features(settings))
    _note(settings).write_text(json.dumps(asdict(built)), encoding="utf-8")


def require(settings: Settings, as_of: date) -> None:
    """Raises BuildError unless the warehouse is whole, of `as_of`."""
    built = _read(settings)
    if built is None or built.as_of != as_of.isoformat():
        held = built.as_of if built else "no night"
        raise BuildError(
            f"{settings.warehouse_file} holds {held}, expected {as_of}; run the stage build for {as_of} first"
        )


def _note(settings: Settings) -> Path:
    return settings.home / "dbt" / "built.json"


def _read(settings: Settings) -> Built | None:
    if not (_note(settings).exists() and settings.warehouse_file.exists()):
        return None
    noted = json.loads(_note(settings).read_text(encoding="utf-8"))
    return Built(**noted) if noted.keys() == {field.name for field in fields(Built)} else None


def _code(settings: Settings, variables: Mapping[str, Any]) -> str:
    """Digest of the SQL, the seeds in the lake, the numbers of `rapport.yml`, and the engines."""
    digest = hashlib.sha256()
    for folder in _MADE_BY:
        for file in sorted((DBT_PROJECT / folder).rglob("*.*")):
            digest.update(f"{file.relative_to(DBT_PROJECT)}\0".encode() + file.read_bytes())
    lasting = {name: value for name, value in variables.items() if name not in OF_THE_NIGHT}
    versions = [metadata.version(package) for package in ("dbt-core", "dbt-duckdb", "duckdb")]
    digest.update(json.dumps([seeds_digest(settings), lasting, versions], sort_keys=True).encode())
    return digest.hexdigest()


def _lake(settings: Settings, night: date) -> str:
    """Digest of what a build of `night` sees: rows landed a table, and which rows are held back until when."""
    day = f"date {literal(night)}"
    digest = hashlib.sha256()
    with duckdb.connect() as connection:
        for contract in contracts().values():
            landed, held = (
                f"read_parquet({literal(folder / contract.source / contract.table / '**' / '*.parquet')}, "
                "union_by_name = true, hive_partitioning = false)"
                for folder in (settings.landing, settings.quarantine)
            )
            until = f"case when released_as_of <= {day} then released_as_of end"
            query = (
                f"select (select count(*) from {landed} where _as_of <= {day}), count(*), "  # noqa: S608
                f"bit_xor(hash(_load_id, _row_number, rule, {until})) from {held} where _as_of <= {day}"
            )
            digest.update(f"{contract.name}{connection.execute(query).fetchall()}".encode())
    return digest.hexdigest()


def _features(settings: Settings) -> str:
    digest = hashlib.sha256()
    for file in sorted(settings.features.glob("*/as_of=*/*.parquet")):
        written = file.stat()
        digest.update(f"{file.relative_to(settings.features)}\0{written.st_size}\0{written.st_mtime_ns}\0".encode())
    return digest.hexdigest()
