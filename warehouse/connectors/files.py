"""Connector `files`: CSV, JSON lines and Parquet, gzipped or not, by name, folder, glob or date, through DuckDB."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path

from warehouse.connectors.file_scan import Scan, headers, scan_batches, utf8
from warehouse.connectors.reading import MissingTable, Reading, TableRequest, batches_of
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
    """How to read the files of a table that are new or changed since they were landed.

    Raises:
        MissingTable: no file matches, and none ever did.
    """
    folder = _folder(request.settings, request.config, f"sources.{request.source}")
    pattern = request.mapping.source
    matching = find(folder, pattern, request.until)
    if not matching:
        _require_known(request, folder)
        return Reading(place=f"file {pattern}", resource=None)
    joined = {join.source: tuple(join.keys) for join in request.mapping.joins}
    beside = [_one(folder, name, request) for name in joined]
    stamps = {file.relative_to(folder).as_posix(): stamp([file, *beside]) for file in matching}
    touched = [name for name, found in stamps.items() if request.stamps.get(name) != found]
    prints = {name: fingerprint([folder / name, *beside]) for name in touched}
    fresh = {name: digest for name, digest in prints.items() if request.seen.get(name) != digest}
    given = Scan(
        folder=folder,
        files=tuple(folder / name for name in fresh),
        joins=tuple(zip(beside, joined.values(), strict=True)),
        separator=request.config.separator,
        encoding=request.config.encoding,
        work=request.work,
    )
    scan = utf8(given)
    several = any(sign in pattern for sign in "*?[{") or (folder / pattern).is_dir()
    return Reading(
        place=f"file {pattern}",
        resource=batches_of(request.table, lambda: scan_batches(scan)) if fresh else None,
        columns=headers(scan),
        files=fresh,
        stamps={name: stamps[name] for name in fresh},
        keeps_position=True,
        several=several,
    )


def probe(settings: Settings, source: SourceConfig) -> str:
    """Check that the folder of the source exists; the folder."""
    folder = _folder(settings, source, "source")
    if not folder.is_dir():
        raise SourceError(f"{folder} is not a folder; {source.if_missing or 'correct `path` in rapport.yml'}")
    return str(folder)


def _require_known(request: TableRequest, folder: Path) -> None:
    """A table without a new file is no mistake where there were files before, or are some of a later date."""
    pattern = request.mapping.source
    if not request.seen and not any(folder.glob(pattern.replace("{date}", _DATE))):
        raise MissingTable(
            f"{request.name}: no file matches '{pattern}' in {folder}; correct `from` in rapport.yml, or take the "
            "table out there"
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


def stamp(files: list[Path]) -> str:
    """Size and time of change of a file and of those joined to it: only where it changed are contents compared."""
    found = [file.stat() for file in files]
    return " ".join(f"{each.st_size}@{each.st_mtime_ns}" for each in found)


def fingerprint(files: list[Path]) -> str:
    """Hash of the contents of a file and of those joined to it."""
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
