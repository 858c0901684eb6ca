"""Reads a seed file with the declared types of its columns; errors name the file, line and column."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from warehouse.core.errors import ConfigurationError

Row = dict[str, Any]


def _boolean(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()]


def _whole_number(text: str) -> int:
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError(text)
    return number


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


#: Declared type -> what reads a cell, and how a user would call it.
_READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "varchar": (str, "text"),
    "string": (str, "text"),
    "bigint": (_whole_number, "a whole number of at most 18 digits"),
    "double": (_number, "a number"),
    "boolean": (_boolean, "true or false"),
    "date": (date.fromisoformat, "a date such as 2026-10-31"),
}


@dataclass(frozen=True)
class Line:
    """One line of a file; `number` is its last physical line, from 1."""

    number: int
    row: Row


@dataclass(frozen=True)
class SeedFile:
    """A CSV file with some or all columns of a seed; `types` are the declared types of the seed's columns."""

    path: Path
    types: Mapping[str, str]

    @cached_property
    def header(self) -> list[str]:
        """The columns of the file, each known and there once."""
        return self._read[0]

    def lines(self) -> Iterator[Line]:
        """The lines with typed cells; an empty cell is None."""
        for number, cells in self._read[1]:
            if len(cells) != len(self.header):
                raise self.error(
                    number, None, f"{len(self.header)} cells", str(len(cells)), "put text with commas in double quotes"
                )
            yield Line(
                number,
                {column: self._cell(number, column, text) for column, text in zip(self.header, cells, strict=True)},
            )

    def require(self, columns: Sequence[str]) -> None:
        """Raises ConfigurationError unless the file has these columns."""
        for column in columns:
            if column not in self.header:
                found = ", ".join(self.header)
                raise self.error(1, None, f"the key column {column}", found, "add it: it identifies the line")

    def error(self, line: int, column: str | None, expected: str, found: str, remedy: str) -> ConfigurationError:
        """The error of a place in the file, in one line."""
        place = f"{self.path}, line {line}" + (f", column {column}" if column else "")
        return ConfigurationError(f"{place}: expected {expected}, found {found}; {remedy}")

    @cached_property
    def _read(self) -> tuple[list[str], list[tuple[int, list[str]]]]:
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.reader(file, strict=True)
                lines = [(reader.line_num, cells) for cells in reader if cells]
        except (UnicodeDecodeError, csv.Error) as error:
            raise ConfigurationError(
                f"{self.path}: expected CSV in UTF-8, found {error}; save it as CSV UTF-8"
            ) from error
        header = lines[0][1] if lines else []
        self._check(header)
        return header, lines[1:]

    def _check(self, header: Sequence[str]) -> None:
        known = ", ".join(self.types)
        if not header:
            raise self.error(1, None, f"a line with column names of {known}", "an empty file", "write that line")
        for column in header:
            if column not in self.types:
                raise self.error(1, None, f"columns of {known}", column, "columns are separated by commas; correct it")
            if header.count(column) > 1:
                raise self.error(1, column, "each column once", "it twice", "remove one")

    def _cell(self, line: int, column: str, text: str) -> Any:
        if text == "":
            return None
        read, expected = _READERS[self.types[column]]
        try:
            return read(text)
        except (ValueError, KeyError) as error:
            raise self.error(line, column, expected, f"'{text}'", "correct the cell") from error
