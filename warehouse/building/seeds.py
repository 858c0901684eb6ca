"""The dbt seeds as this company uses them: the lines of the checkout, merged with the company's own, as Parquet.

The folder `seeds` of `rapport.yml` holds the company's own lines, in files named like the seeds, in any sub-folder:

- `<seed>.csv`: a line replaces the seed's line of the same key, or is added where there is none. Columns that the file
  leaves out keep their value, or stay empty in a new line. The key columns must be there.
- `<seed>.replace.csv`: the lines of this file are the whole seed.

dbt (`dbt_project/macros/dialect/seeds.sql`) and the models in `ml` both read `lake/seeds/<seed>.parquet`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from warehouse.building.dbt_process import DBT_PROJECT
from warehouse.building.seed_files import Line, Row, SeedFile
from warehouse.core.atomic import write_bytes
from warehouse.core.errors import ConfigurationError
from warehouse.core.settings import Settings

_TYPES = {
    "varchar": pa.string(),
    "string": pa.string(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
_REPLACE = ".replace"


@dataclass(frozen=True)
class Seed:
    """One seed of the dbt project: its file, the declared type of each column, and the columns that name a line."""

    name: str
    file: Path
    types: Mapping[str, str]
    key: tuple[str, ...]


def write_seeds(settings: Settings) -> None:
    """Write every seed, merged with the company's own lines, to `lake/seeds/<seed>.parquet`.

    Files whose contents are the same are left alone; files of seeds that no longer exist are removed.

    Raises:
        ConfigurationError: a file has an unknown name or column, lacks a key column, names a key twice, or has a cell
            that is not of the declared type.
    """
    seeds = project_seeds()
    own = _own_files(settings, seeds)
    for seed in seeds.values():
        shipped = SeedFile(seed.file, seed.types)
        rows = _merge(seed, shipped, own[seed.name]) if seed.name in own else [line.row for line in shipped.lines()]
        _write(settings.seeds / f"{seed.name}.parquet", shipped.header, seed.types, rows)
    for file in settings.seeds.glob("*.parquet"):
        if file.stem not in seeds:
            file.unlink()


def seeds_digest(settings: Settings) -> str:
    """Digest of the seeds in the lake and of their tests in the dbt project."""
    digest = hashlib.sha256()
    described = sorted((DBT_PROJECT / "seeds").rglob("*.yml")), sorted((DBT_PROJECT / "tests" / "seeds").glob("*.sql"))
    for file in (*sorted(settings.seeds.glob("*.parquet")), *described[0], *described[1]):
        digest.update(f"{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def project_seeds() -> dict[str, Seed]:
    """The seeds of the dbt project by name."""
    folder = DBT_PROJECT / "seeds"
    files = {file.stem: file for file in sorted(folder.rglob("*.csv"))}
    described = [
        one
        for file in sorted(folder.rglob("*.yml"))
        for one in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)["seeds"]
    ]
    return {one["name"]: _seed(one, files[one["name"]]) for one in described}


def _seed(described: Mapping[str, Any], file: Path) -> Seed:
    config = described.get("config", {})
    declared = config.get("column_types", {})
    types = {one["name"]: declared.get(one["name"], one.get("data_type", "varchar")) for one in described["columns"]}
    return Seed(described["name"], file, types, tuple(_key(described, config.get("meta", {}))))


def _key(described: Mapping[str, Any], meta: Mapping[str, Any]) -> Sequence[str]:
    """`meta.key`, else the columns of the test `unique_combination`, else the first column that is unique."""
    if "key" in meta:
        return list(meta["key"])
    for test in described.get("data_tests", ()):
        if isinstance(test, dict) and "unique_combination" in test:
            return list(test["unique_combination"]["arguments"]["columns"])
    unique = [
        column["name"]
        for column in described["columns"]
        if any(constraint["type"] == "unique" for constraint in column.get("constraints", ()))
    ]
    return unique[:1]


def _own_files(settings: Settings, seeds: Mapping[str, Seed]) -> dict[str, Path]:
    """The company's file of each seed that it changes."""
    folder = settings.own_seeds
    if folder is None:
        return {}
    if not folder.is_dir():
        raise ConfigurationError(
            f"{settings.config_path}: seeds: {folder} is not a folder; create it, or correct the path there"
        )
    found: dict[str, Path] = {}
    for file in (file for file in sorted(folder.rglob("*")) if file.suffix.lower() == ".csv"):
        name = file.stem.removesuffix(_REPLACE)
        if name not in seeds:
            close = get_close_matches(name, seeds, 3)
            expected = f"one of {', '.join(close)}" if close else f"the name of a file in {DBT_PROJECT.name}/seeds"
            raise ConfigurationError(f"{file}: expected {expected}, found {name}; rename or remove the file")
        if name in found:
            raise ConfigurationError(
                f"{file}: expected one file for the seed {name}, found also {found[name]}; merge them"
            )
        found[name] = file
    return found


def _merge(seed: Seed, shipped: SeedFile, file: Path) -> list[Row]:
    own = SeedFile(file, seed.types)
    own.require(seed.key)
    replaces_all = file.stem.endswith(_REPLACE)
    rows = [] if replaces_all else [line.row for line in shipped.lines()]
    places = {_values(seed, row): place for place, row in enumerate(rows)}
    empty: Row = dict.fromkeys(shipped.header)
    seen: dict[tuple[Any, ...], Line] = {}
    for line in own.lines():
        key = _values(seed, line.row)
        if key in seen:
            raise own.error(
                line.number, ", ".join(seed.key), "each key once",
                f"the key of line {seen[key].number} again", "keep one of the two lines",
            )  # fmt: skip
        seen[key] = line
        if key in places:
            rows[places[key]] = {**rows[places[key]], **line.row}
        else:
            rows.append({**empty, **line.row})
    return rows


def _values(seed: Seed, row: Row) -> tuple[Any, ...]:
    return tuple(row[column] for column in seed.key)


def _write(file: Path, columns: Sequence[str], types: Mapping[str, str], rows: Sequence[Row]) -> None:
    schema = pa.schema([(column, _TYPES[types[column]]) for column in columns])
    content = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), content)
    written = content.getvalue().to_pybytes()
    if not file.exists() or file.read_bytes() != written:
        write_bytes(file, written)
