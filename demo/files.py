"""The files the demo company's other systems export every night."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from demo.tables import FILES
from demo.typing import Columns

PAGE = 1_000
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write_csv(path: Path, table: str, columns: Columns | None) -> None:
    """Write one day of a table as CSV with a header; without rows only the header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FILES[table])
        if columns:
            writer.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))


def write_lines(path: Path, columns: Columns, start: int = 0, count: int | None = None) -> None:
    """Write rows as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    stop = None if count is None else start + count
    names = tuple(columns)
    rows = zip(*(column[start:stop].tolist() for column in columns.values()), strict=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(_encode(dict(zip(names, row, strict=True))) + "\n" for row in rows)


def write_pages(folder: Path, name: str, columns: Columns) -> None:
    """Write rows as pages of JSON lines: `<name>_001.jsonl` and so on."""
    total = len(next(iter(columns.values())))
    for page, start in enumerate(range(0, total, PAGE), start=1):
        write_lines(folder / f"{name}_{page:03d}.jsonl", columns, start, PAGE)
