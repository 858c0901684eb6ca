"""What every connector is given and returns: one table that is asked for, and its rows as Arrow tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from warehouse.core.configuration import SourceConfig, TableMapping
from warehouse.core.errors import SourceError
from warehouse.core.settings import Settings

#: Rows of one Arrow table.
BATCH_ROWS = 50_000

#: Columns added to those of the source: the file, the row's number in its file, its number in all that was read.
ORIGIN, POSITION, ROW = "__origin", "__position", "__row"


class MissingTable(SourceError):
    """The source has no such table or file."""


@dataclass(frozen=True)
class TableRequest:
    """One table of one source: rows with a cursor in [`since`, `until`) and rows without a cursor are wanted.

    A connector may return more rows (landing filters again), never fewer.
    """

    settings: Settings
    source: str
    table: str
    config: SourceConfig
    mapping: TableMapping
    since: datetime | float | None
    until: date
    fingerprints: Mapping[str, str]  # files read before -> hash of their contents
    file_times: Mapping[str, str]  # files read before -> size and time of change
    work: Path  # private folder

    @property
    def name(self) -> str:
        return f"{self.source}.{self.table}"


@dataclass(frozen=True)
class Reading:
    """How to read what was asked for.

    Attributes:
        place: the file or table, for messages.
        batches: reads the rows, in an order that can be repeated; None where nothing is new.
        columns: columns of the source by file or table, if known before reading.
        fingerprints: hash of the contents of each file to read.
        file_times: size and time of change of each file to read.
        keeps_position: a row stays at its place in its file from night to night.
        has_many_files: there may be more than one file.
    """

    place: str
    batches: Callable[[], Iterator[pa.Table]] | None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)
    file_times: dict[str, str] = field(default_factory=dict)
    keeps_position: bool = False
    has_many_files: bool = False
