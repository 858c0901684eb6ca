"""kill -9 in any stage: readers keep the last whole release, and the next run completes with the same tables."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.journal import read_journal
from pipeline.stages import NIGHTLY
from tests.company import Company
from tests.e2e.conftest import LaterRuns
from warehouse.core.settings import PROJECT, Settings

#: When to kill, as shares of the time that the stage takes undisturbed: earlier where it had already ended.
SHARES = (0.5, 0.2, 0.05)
STARTED = "started"
#: Imported before the stage starts, so that it is killed while it works.
SLOW_IMPORTS = {
    "check": "expectations.landed.checking",
    "score": "ml.scoring",
    "audit": "expectations.published.auditing",
}
#: One stage in its own process, as a task of Airflow runs it.
RUN_STAGE = f"""
import importlib, sys
from datetime import date
from pipeline.stages import NIGHTLY, run_stage
from warehouse.core.settings import settings_from_environment
stage = next(stage for stage in NIGHTLY if stage.name == sys.argv[1])
importlib.import_module({SLOW_IMPORTS}.get(stage.name, "datetime"))
print("{STARTED}", flush=True)
run_stage(stage, settings_from_environment(), date.fromisoformat(sys.argv[2]))
"""
NAMES = [stage.name for stage in NIGHTLY]


def _settings(company: Company) -> Settings:
    return Settings(company.home, Path("rapport.yml"), Path())


def _seconds(runs: LaterRuns) -> dict[str, float]:
    """How long each stage of the first of the later nights took undisturbed."""
    return {entry.stage: entry.seconds for entry in read_journal(_settings(runs.company), runs.nights[0])}


def _start_stage(company: Company, stage: str, night: date) -> subprocess.Popen[str]:
    environment = {**os.environ, "RAPPORT_HOME": str(company.home), "RAPPORT_CONFIG": str(company.config)}
    command = [sys.executable, "-c", RUN_STAGE, stage, str(night)]
    process = subprocess.Popen(command, env=environment, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline().strip() == STARTED
    return process


def _run_stage(company: Company, stage: str, night: date) -> None:
    process = _start_stage(company, stage, night)
    process.communicate(timeout=600)
    assert process.returncode == 0, stage


def _kill_stage(company: Company, stage: str, night: date, seconds: float) -> bool:
    """Start the stage and kill it after this number of seconds; False where it had already ended."""
    process = _start_stage(company, stage, night)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    return process.returncode == -signal.SIGKILL


def _kill_night(company: Company, stage: str, night: date, seconds: float) -> bool:
    """Start the night and kill it this number of seconds into the stage; False where the stage had already ended."""
    settings = _settings(company)
    before = NAMES[: NAMES.index(stage)]
    seen = len(read_journal(settings, night))
    process = company.start("nightly", "--date", str(night))
    while len(read_journal(settings, night)) < seen + len(before):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    return [entry.stage for entry in read_journal(settings, night)[seen:]] == before


def _kill(kill: Callable[[Company, str, date, float], bool], company: Company, stage: str, runs: LaterRuns) -> None:
    """Kill in the stage, sooner if it has already ended; fails if it always ended before the kill."""
    took = _seconds(runs)[stage]
    was_killed = any(kill(company, stage, runs.nights[0], share * took) for share in SHARES)
    assert was_killed, f"{stage} always ended before it was killed"


def test_a_night_whose_stages_are_killed_completes_with_the_same_tables_and_again_with_the_same_release(
    trained: Company, later_runs: LaterRuns, tmp_path: Path
) -> None:
    night, undisturbed = later_runs.nights[0], later_runs.release(later_runs.nights[0])
    company = trained.copy(tmp_path / "killed")
    yesterday = company.contents()
    for stage in NAMES:
        _kill(_kill_stage, company, stage, later_runs)
        assert company.contents() in (yesterday, undisturbed), f"readers saw half a night after a kill in {stage}"
        _run_stage(company, stage, night)
    assert company.contents() == undisturbed
    release = company.published.readlink()

    _kill(_kill_night, company, "score", later_runs)
    printed = company.nightly(night)
    assert company.contents() == undisturbed
    assert company.published.readlink() == release
    for stage in NAMES:
        assert f"\n  {stage} " in f"\n{printed}"
    assert f"Retention list for {night}: 10 of " in printed
    assert "1. " in printed and "3. " in printed and "customer_360.duckdb" in printed


@pytest.mark.slow
def test_a_whole_night_killed_in_every_stage_completes_with_the_same_tables(
    trained: Company, later_runs: LaterRuns, tmp_path: Path
) -> None:
    night, undisturbed = later_runs.nights[0], later_runs.release(later_runs.nights[0])
    company = trained.copy(tmp_path / "killed")
    yesterday = company.contents()
    for stage in NAMES:
        _kill(_kill_night, company, stage, later_runs)
        assert company.contents() in (yesterday, undisturbed), f"readers saw half a night after a kill in {stage}"
    company.nightly(night)
    assert company.contents() == undisturbed
