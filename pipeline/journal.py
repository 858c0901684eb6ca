"""The journal of a night: one JSON line per stage in `runs/<as_of>.jsonl`, read by the terminal."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from warehouse.core.reports import StageReport, TableCount
from warehouse.core.settings import Settings


@dataclass(frozen=True)
class Entry:
    """One stage of one run: `status` is ok or failed, `seconds` is wall time, `error` is one readable line."""

    stage: str
    status: str
    seconds: float
    rows_in: int = 0
    rows_out: int = 0
    rows_rejected: int = 0
    notes: tuple[str, ...] = ()
    tables: tuple[TableCount, ...] = ()
    error: str | None = None


def journal_file(settings: Settings, as_of: date) -> Path:
    return settings.runs / f"{as_of}.jsonl"


def record(settings: Settings, as_of: date, report: StageReport, seconds: float, error: str | None = None) -> Entry:
    """Append a stage to the night's journal."""
    entry = Entry(
        stage=report.stage,
        status="failed" if error else "ok",
        seconds=round(seconds, 2),
        rows_in=report.rows_in,
        rows_out=report.rows_out,
        rows_rejected=report.rows_rejected,
        notes=report.notes,
        tables=report.tables,
        error=error,
    )
    file = journal_file(settings, as_of)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as journal:
        # starts a new line, because a killed process may have left an unfinished one
        journal.write("\n" + json.dumps(asdict(entry), ensure_ascii=False) + "\n")
    return entry


def read_journal(settings: Settings, as_of: date) -> list[Entry]:
    """All stages recorded for a night, oldest first. An unfinished line of a killed process is skipped."""
    file = journal_file(settings, as_of)
    if not file.exists():
        return []
    entries = []
    for line in file.read_text(encoding="utf-8", errors="replace").split("\n"):
        if not line:
            continue
        try:
            fields = json.loads(line)
        except json.JSONDecodeError:
            continue
        tables = tuple(TableCount(**table) for table in fields["tables"])
        entries.append(Entry(**{**fields, "notes": tuple(fields["notes"]), "tables": tables}))
    return entries


def expected_seconds(settings: Settings, stage: str) -> float | None:
    """Seconds of the stage's last success in the three latest nights; None where there is none."""
    nights = sorted(settings.runs.glob("????-??-??.jsonl"), key=lambda file: file.stat().st_mtime, reverse=True)
    for night in nights[:3]:
        done = [entry for entry in read_journal(settings, date.fromisoformat(night.stem)) if entry.stage == stage]
        done = [entry for entry in done if entry.status == "ok"]
        if done:
            return done[-1].seconds
    return None
