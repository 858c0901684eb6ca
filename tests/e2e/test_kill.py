"""kill -9 in any stage: readers keep yesterday, and the next run completes as if nothing had happened."""

from __future__ import annotations

import signal
import time
from datetime import date
from pathlib import Path

from pipeline.journal import read_journal
from pipeline.stages import NIGHTLY
from tests.company import Company
from tests.e2e.conftest import RunOn
from warehouse.core.settings import Settings

#: When to kill, as shares of the time the stage took undisturbed: earlier where it had already ended.
SHARES = (0.5, 0.2, 0.05)


def _kill_in(company: Company, settings: Settings, stage: str, night: date, seconds: float) -> bool:
    """Start the night and kill it so many seconds into the stage; False where the stage had already ended."""
    names = [stage.name for stage in NIGHTLY]
    before = names[: names.index(stage)]
    seen = len(read_journal(settings, night))
    process = company.start("nightly", "--date", str(night))
    while len(read_journal(settings, night)) < seen + len(before):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    return [entry.stage for entry in read_journal(settings, night)[seen:]] == before


def test_a_night_killed_in_every_stage_completes_with_the_same_tables(
    trained: Company, run_on: RunOn, tmp_path: Path
) -> None:
    night = run_on.nights[0]
    undisturbed = run_on.release(night)
    journal = read_journal(Settings(run_on.company.home, Path("rapport.yml"), Path()), night)
    seconds = {entry.stage: entry.seconds for entry in journal}
    killed = trained.copy(tmp_path / "killed")
    settings = Settings(killed.home, Path("rapport.yml"), Path())
    yesterday = killed.contents()
    for stage in NIGHTLY:
        took = seconds[stage.name]
        was_killed = any(_kill_in(killed, settings, stage.name, night, share * took) for share in SHARES)
        assert was_killed, f"{stage.name} always ended before it was killed"
        whole = (yesterday, undisturbed)
        assert killed.contents() in whole, f"readers saw a half-built night after a kill in {stage.name}"
    killed.nightly(night)
    assert killed.contents() == undisturbed
