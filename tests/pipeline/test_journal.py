"""The journal has every stage of a night, also after a kill."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipeline.journal import expected_seconds, journal_file, read_journal, record
from warehouse.core.reports import StageReport, TableCount
from warehouse.core.settings import Settings

NIGHT = date(2026, 1, 2)


def test_journal_returns_the_recorded_entries(tmp_path: Path) -> None:
    settings = Settings(tmp_path, tmp_path / "rapport.yml", tmp_path)
    report = StageReport("land", 10, 9, 1, (TableCount("crm.orders", 10, 9, 1),), ("crm.usage_daily: switched off",))
    written = record(settings, NIGHT, report, 1.234)
    record(settings, NIGHT, StageReport("check"), 2.0, error="crm.orders: broken")
    assert read_journal(settings, NIGHT)[0] == written
    assert read_journal(settings, NIGHT)[1].status == "failed"
    assert read_journal(settings, NIGHT)[1].error == "crm.orders: broken"


def test_a_line_cut_off_by_a_kill_is_skipped(tmp_path: Path) -> None:
    settings = Settings(tmp_path, tmp_path / "rapport.yml", tmp_path)
    record(settings, NIGHT, StageReport("land"), 1.0)
    with journal_file(settings, NIGHT).open("ab") as journal:
        journal.write('{"stage": "客'.encode()[:-1])  # in the middle of a character
    record(settings, NIGHT, StageReport("build"), 1.0)
    assert [entry.stage for entry in read_journal(settings, NIGHT)] == ["land", "build"]


def test_expected_seconds_are_those_of_the_last_success(tmp_path: Path) -> None:
    settings = Settings(tmp_path, tmp_path / "rapport.yml", tmp_path)
    assert expected_seconds(settings, "land") is None
    record(settings, NIGHT, StageReport("land"), 3.0)
    record(settings, NIGHT, StageReport("land"), 9.0, error="source away")
    (settings.runs / "alerts.jsonl").write_text("{}\n", encoding="utf-8")
    assert expected_seconds(settings, "land") == 3.0
