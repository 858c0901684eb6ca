"""Connector `files`: CSV, JSON lines and Parquet, gzipped or not, by name, folder, glob or date, through DuckDB."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path

from warehouse.connectors.file_scan import Scan, headers, scan_batches, utf8
from warehouse.connectors.reading import MissingTable, Reading, TableRequest
from warehouse.core.configuration import SourceConfig
from warehouse.core.errors import ConfigurationError, SourceError
from warehouse.core.settings import Settings

_DATE = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_KNOWN = (
    ".csv",
    ".csv.gz",
    ".tsv",
    ".tsv.gz",
    ".txt",
    ".jsonl",
    ".jsonl.gz",
    ".ndjson",
    ".json",
    ".json.gz",
    ".parquet",
)


def read(request: TableRequest) -> Reading:
    """How to read the files of a table that are new or have changed since they were landed.

    Raises:
        MissingTable: no file matches, and none matched in an earlier run.
    """
    folder = _folder(request.settings, request.config, f"sources.{request.source}")
    pattern = request.mapping.source
    matching = find(folder, pattern, request.until)
    if not matching:
        _require_known(request, folder)
        return Reading(place=f"file {pattern}", batches=None)
    joined = {join.source: tuple(join.keys) for join in request.mapping.joins}
    beside = [_one(folder, name, request) for name in joined]
    times = {file.relative_to(folder).as_posix(): size_and_time([file, *beside]) for file in matching}
    touched = [name for name, found in times.items() if request.file_times.get(name) != found]
    hashes = {name: fingerprint([folder / name, *beside]) for name in touched}
    changed = {name: digest for name, digest in hashes.items() if request.fingerprints.get(name) != digest}
    given = Scan(
        folder=folder,
        files=tuple(folder / name for name in changed),
        joins=tuple(zip(beside, joined.values(), strict=True)),
        separator=request.config.separator,
        encoding=request.config.encoding,
        work=request.work,
    )
    scan = utf8(given)
    has_many_files = any(sign in pattern for sign in "*?[{") or (folder / pattern).is_dir()
    return Reading(
        place=f"file {pattern}",
        batches=(lambda: scan_batches(scan)) if changed else None,
        columns=headers(scan),
        fingerprints=changed,
        file_times={name: times[name] for name in changed},
        keeps_position=True,
        has_many_files=has_many_files,
    )


def probe(settings: Settings, source: SourceConfig) -> str:
    """Check that the folder of the source exists; the folder."""
    folder = _folder(settings, source, "source")
    if not folder.is_dir():
        raise SourceError(f"{folder} is not a folder; {source.if_missing or 'correct `path` in rapport.yml'}")
    return str(folder)


def _require_known(request: TableRequest, folder: Path) -> None:
    """Raise MissingTable, except where files were read before or exist for a later date."""
    pattern = request.mapping.source
    if not request.fingerprints and not any(folder.glob(pattern.replace("{date}", _DATE))):
        raise MissingTable(
            f"{request.name}: no file matches '{pattern}' in {folder}; correct `from` in rapport.yml, or "
            "remove the table there"
        )


def find(folder: Path, pattern: str, until: date) -> list[Path]:
    """Files that match a name, folder or glob, in the order of their names; with `{date}`, those before `until`."""
    if "{date}" in pattern:
        dated = [
            file for file in folder.glob(pattern.replace("{date}", _DATE)) if _date_of(file, folder, pattern) < until
        ]
        return sorted(dated)
    target = folder / pattern
    if target.is_dir():
        return sorted(file for file in target.iterdir() if file.name.endswith(_KNOWN))
    return sorted(folder.glob(pattern)) if any(sign in pattern for sign in "*?[") else [target] * target.is_file()


def size_and_time(files: list[Path]) -> str:
    """Size and time of change of a file and of the files joined to it; contents are compared only where it changed."""
    found = [file.stat() for file in files]
    return " ".join(f"{each.st_size}@{each.st_mtime_ns}" for each in found)


def fingerprint(files: list[Path]) -> str:
    """Hash of the contents of a file and of the files joined to it."""
    digest = hashlib.blake2b(digest_size=16)
    for file in files:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _date_of(file: Path, folder: Path, pattern: str) -> date:
    parts = [re.escape(part).replace(r"\*", "[^/]*").replace(r"\?", "[^/]") for part in pattern.split("{date}")]
    expression = parts[0] + r"(\d{4}-\d{2}-\d{2})" + r"\d{4}-\d{2}-\d{2}".join(parts[1:])
    found = re.fullmatch(expression, file.relative_to(folder).as_posix())
    try:
        return date.fromisoformat(found[1]) if found else date.max
    except ValueError:
        return date.max


def _folder(settings: Settings, source: SourceConfig, name: str) -> Path:
    if source.path is None:
        raise ConfigurationError(f"{name}: a files source needs a `path`; add it in rapport.yml")
    return Path(settings.fill(source.path))


def _one(folder: Path, name: str, request: TableRequest) -> Path:
    if not (folder / name).is_file():
        raise MissingTable(f"{request.name}: there is no file '{name}' to join in {folder}; correct `joins`")
    return folder / name
