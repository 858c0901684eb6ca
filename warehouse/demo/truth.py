"""The truth file: what was planted. Tests compare it with what the pipeline finds; the pipeline never reads it."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from warehouse.demo.day import Day
from warehouse.demo.effects import EFFECTS, RANKED_DRIVERS

_HEADS = {
    "defects": ("date", "source", "table", "kind", "key", "detail"),
    "episodes": ("kind", "first_day", "last_day", "dimension", "value", "size", "detail"),
    "leaving": ("account_no", "decided_on", "satisfaction", "average_satisfaction", "cause"),
}


def begin_truth(truth: Path, company: Mapping[str, Any]) -> None:
    """Write the planted effects (`effects.json`) and the heads of `defects.csv` and `leaving.csv`."""
    truth.mkdir(parents=True, exist_ok=True)
    content = {"company": company, "effects": asdict(EFFECTS), "drivers_ranked": RANKED_DRIVERS}
    (truth / "effects.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    for name, head in _HEADS.items():
        with (truth / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow(head)


def write_truth(truth: Path, today: Day) -> None:
    """Append the defects and the decisions to leave of one day."""
    told: dict[str, list[Any]] = {"defects": today.defects, **today.truths}
    for name, rows in told.items():
        if rows:
            with (truth / f"{name}.csv").open("a", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(rows)


def truth_sizes(truth: Path) -> dict[str, int]:
    """Bytes of each growing file."""
    return {name: (truth / f"{name}.csv").stat().st_size for name in _HEADS}


def cut_truth(truth: Path, sizes: Mapping[str, int]) -> None:
    """Undo what an interrupted run appended."""
    for name, size in sizes.items():
        os.truncate(truth / f"{name}.csv", size)
