"""Files of one table as Arrow tables: files with the same columns are read in one go, their rows in their order."""

from __future__ import annotations

import csv
import gzip
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.connectors.reading import BATCH_ROWS, ORIGIN
from warehouse.core.errors import SourceError
from warehouse.core.quoting import identifier, literal

_CORE_ENCODINGS = ("utf-8", "utf8", "utf-16", "latin-1")
_LINE_BYTES = 16_777_216


@dataclass(frozen=True)
class Scan:
    """The files of one table, and the files joined to their rows (file, names of the join columns)."""

    folder: Path
    files: tuple[Path, ...]
    joins: tuple[tuple[Path, tuple[str, ...]], ...]
    separator: str | None
    encoding: str | None
    work: Path


def headers(scan: Scan) -> dict[str, tuple[str, ...]]:
    """Columns by file, one file per set of columns.

    Raises:
        SourceError: naming the file that cannot be read.
    """
    connection = _connection()
    found = {}
    for files in _groups(scan).values():
        try:
            columns = connection.sql(_query(connection, scan, files[:1])).columns
        except duckdb.Error as error:
            raise _unreadable(error, files[:1]) from error
        found[files[0].relative_to(scan.folder).as_posix()] = tuple(name for name in columns if name != ORIGIN)
    return found


def scan_batches(scan: Scan) -> Iterator[pa.Table]:
    """All rows of all files, with the file a row is from in column `__origin`.

    Raises:
        SourceError: naming the file and the line that cannot be read.
    """
    connection = _connection()
    for files in _groups(scan).values():
        try:
            # `execute`, because a relation would detect the types of all files twice
            for batch in connection.execute(_query(connection, scan, files)).to_arrow_reader(BATCH_ROWS):
                yield pa.Table.from_batches([batch])
        except duckdb.Error as error:
            raise _unreadable(error, files) from error


def utf8(scan: Scan) -> Scan:
    """The same files in an encoding that DuckDB reads; files in other encodings are copied to the work folder."""
    if (scan.encoding or "utf-8").lower() in _CORE_ENCODINGS:
        return scan
    copies = [_copied(file, scan) for file in (*scan.files, *(file for file, _ in scan.joins))]
    joins = tuple(zip(copies[len(scan.files) :], (keys for _, keys in scan.joins), strict=True))
    return replace(scan, folder=scan.work, files=tuple(copies[: len(scan.files)]), joins=joins, encoding=None)


def _copied(file: Path, scan: Scan) -> Path:
    if _kind(file) == "parquet":
        raise SourceError(f"{file}: Parquet has no `encoding`; remove it from rapport.yml")
    copy = scan.work / file.relative_to(scan.folder)
    copy.parent.mkdir(parents=True, exist_ok=True)
    opener = gzip.open if file.suffix == ".gz" else open
    try:
        with opener(file, "rt", encoding=scan.encoding, newline="") as old, opener(copy, "wt", encoding="utf-8") as new:
            shutil.copyfileobj(old, new)
    except (LookupError, UnicodeError) as error:
        raise SourceError(f"{file} is not in encoding '{scan.encoding}'; correct `encoding` in rapport.yml") from error
    return copy


def _connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    return connection


def _groups(scan: Scan) -> dict[tuple[str, ...], list[Path]]:
    """Files by kind and columns, so that one bad file does not change how the others are read."""
    groups: dict[tuple[str, ...], list[Path]] = {}
    for file in scan.files:
        if file.stat().st_size:
            groups.setdefault((_kind(file), *_first_line(file, scan)), []).append(file)
    return groups


def _first_line(file: Path, scan: Scan) -> Sequence[str]:
    if _kind(file) != "csv":
        return ()
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding=scan.encoding or "utf-8-sig", newline="", errors="replace") as stream:
        return next(csv.reader(stream, delimiter=_separator(file, scan)), [])


def _separator(file: Path, scan: Scan) -> str:
    return scan.separator or ("\t" if ".tsv" in file.suffixes else ",")


def _kind(file: Path) -> str:
    suffixes = {suffix.lower() for suffix in file.suffixes}
    if ".parquet" in suffixes:
        return "parquet"
    return "json" if suffixes & {".jsonl", ".ndjson", ".json"} else "csv"


def _query(connection: duckdb.DuckDBPyConnection, scan: Scan, files: list[Path]) -> str:
    """Rows of files with one set of columns, joined to their `joins`, in the order of the files."""
    rows, order = _numbered(connection, scan, files, "__left"), ["__left"]
    for number, (file, keys) in enumerate(scan.joins):
        order.append(f"__right{number}")
        rows = _joined(connection, rows, _numbered(connection, scan, [file], order[-1]), keys)
    sort = f" order by {', '.join(order)}" if scan.joins else ""
    return f"select * exclude ({', '.join(order)}) from ({rows}){sort}"


def _numbered(connection: duckdb.DuckDBPyConnection, scan: Scan, files: list[Path], number: str) -> str:
    listed = "[" + ", ".join(literal(file) for file in files) + "]"
    texts = ""
    if _kind(files[0]) == "json":
        # DuckDB reads a column with values of several kinds as JSON; its texts must lose their quotes
        described = connection.execute(f"describe from {_reader(scan, files[0], listed)}").fetchall()
        mixed = [identifier(row[0]) for row in described if row[1] == "JSON"]
        texts = f" replace ({', '.join(f'{name} ->> {literal(chr(36))} as {name}' for name in mixed)})" if mixed else ""
    origin = f"substr(filename, {len(str(scan.folder)) + 2}) as {ORIGIN}, " if number == "__left" else ""
    return (
        f"select * exclude (filename){texts}, {origin}row_number() over () as {number} "
        f"from {_reader(scan, files[0], listed)}"
    )


def _reader(scan: Scan, sample: Path, listed: str) -> str:
    match _kind(sample):
        case "parquet":
            return f"read_parquet({listed}, union_by_name=true, filename=true, hive_partitioning=false)"
        case "json":
            return (
                f"read_json({listed}, format='auto', union_by_name=true, filename=true, hive_partitioning=false, "
                f"sample_size=-1, maximum_object_size={_LINE_BYTES})"
            )
        case _:
            names = _first_line(sample, scan)
            columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
            return (
                f"read_csv({listed}, header=true, auto_detect=false, columns={{{columns}}}, "
                f"delim={literal(_separator(sample, scan))}, quote='\"', escape='\"', filename=true, "
                f"hive_partitioning=false, max_line_size={_LINE_BYTES}, encoding={literal(scan.encoding or 'utf-8')})"
            )


def _joined(connection: duckdb.DuckDBPyConnection, left: str, right: str, keys: Sequence[str]) -> str:
    """Left join; where both sides have a column, the left one is kept."""
    ours, theirs = connection.sql(left).columns, connection.sql(right).columns
    missing = [key for key in keys if key not in ours or key not in theirs]
    if missing:
        raise SourceError(f"join column {', '.join(missing)} is not in both files; correct `joins` in rapport.yml")
    extra = "".join(f", r.{identifier(name)}" for name in theirs if name not in ours)
    using = ", ".join(identifier(key) for key in keys)
    return f"select l.*{extra} from ({left}) l left join ({right}) r using ({using})"


def _unreadable(error: duckdb.Error, files: list[Path]) -> SourceError:
    first = " ".join(str(error).split())[:300]
    named = files[0] if len(files) == 1 else f"one of {len(files)} files such as {files[0].name}"
    return SourceError(
        f"{named} cannot be read: {first}; correct the file, or `separator` and `encoding` in rapport.yml"
    )
