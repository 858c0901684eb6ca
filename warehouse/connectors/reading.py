"""What every connector takes and gives: one table asked for, and a dlt resource of Arrow tables to read it with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from warehouse.core.configuration import SourceConfig, TableMapping
from warehouse.core.errors import SourceError
from warehouse.core.settings import Settings

#: Rows of one Arrow table on its way to the staging folder.
BATCH_ROWS = 50_000

#: Columns that reading adds to the company's own: the file, the place in it, the place in all that was read.
ORIGIN, POSITION, ROW = "__origin", "__position", "__row"


class MissingTable(SourceError):
    """The source has no such table or file."""


@dataclass(frozen=True)
class TableRequest:
    """One table of one source: rows whose cursor is at or above `since` and below `until` are wanted.

    A connector may give more rows than that (landing filters again), never less. Rows without a cursor are wanted.
    """

    settings: Settings
    source: str
    table: str
    config: SourceConfig
    mapping: TableMapping
    since: datetime | float | None
    until: date
    seen: Mapping[str, str]  # files read before -> fingerprint
    stamps: Mapping[str, str]  # files read before -> size and time of change
    work: Path  # private folder

    @property
    def name(self) -> str:
        return f"{self.source}.{self.table}"


@dataclass(frozen=True)
class Reading:
    """How to read what was asked for.

    `place` is the file or table for messages. `resource` makes the dlt resource; None where nothing is new. `columns`
    are the source's, by file or table, as far as they are known before reading. `keeps_position` says that a row stays
    at its place in its file from night to night; `several` that there may be more than one file. `files` and
    `stamps` are the fingerprints, and the sizes and times of change, of the files to read.
    """

    place: str
    resource: Callable[[], Any] | None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)
    keeps_position: bool = False
    several: bool = False


def batches_of(resource_name: str, batches: Callable[[], Iterator[pa.Table]]) -> Callable[[], Any]:
    """A dlt resource over a generator of Arrow tables."""

    def resource() -> Any:
        import dlt

        return dlt.resource(batches, name=resource_name)

    return resource
