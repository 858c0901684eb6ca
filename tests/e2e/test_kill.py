"""kill -9 in any stage: readers keep yesterday, and the next run completes as if nothing had happened."""

from __future__ import annotations

import signal
import time
from datetime import date, timedelta
from pathlib import Path

from dags.common.stages import NIGHTLY
from tests.company import Company
from warehouse.journal import read_journal
from warehouse.settings import Settings

SHARE_OF_STAGE = 0.5


def _kill_in(company: Company, settings: Settings, stage: str, night: date, seconds: dict[str, float]) -> None:
    """Start the night and kill it halfway through the stage, as far as the last run tells how long it takes."""
    names = [stage.name for stage in NIGHTLY]
    before = names[: names.index(stage)]
    seen = len(read_journal(settings, night))
    process = company.start("nightly", "--date", str(night))
    while len(read_journal(settings, night)) < seen + len(before):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    time.sleep(SHARE_OF_STAGE * seconds[stage])
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    entries = [entry.stage for entry in read_journal(settings, night)[seen:]]
    assert entries == before, f"{stage} had already ended"


def test_a_night_killed_in_every_stage_completes_with_the_same_tables(
    trained: Company, first_night: date, tmp_path: Path
) -> None:
    night = first_night + timedelta(days=1)
    undisturbed = trained.copy(tmp_path / "undisturbed")
    undisturbed.nightly(night)
    seconds = {
        entry.stage: entry.seconds
        for entry in read_journal(Settings(undisturbed.home, Path("rapport.yml"), Path()), night)
    }
    killed = trained.copy(tmp_path / "killed")
    settings = Settings(killed.home, Path("rapport.yml"), Path())
    yesterday = killed.contents()
    for stage in NIGHTLY:
        _kill_in(killed, settings, stage.name, night, seconds)
        whole = (yesterday, undisturbed.contents())
        assert killed.contents() in whole, f"readers saw a half-built night after a kill in {stage.name}"
    killed.nightly(night)
    assert killed.contents() == undisturbed.contents()
