"""A stage runs the same way under Airflow and under the command, and the journal tells of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dags.common.stages import NIGHTLY, PUBLISH, TRAINING, Stage, run_stage
from tests.warehouse.small_warehouse import build_warehouse, installation, night
from warehouse.errors import PublishError
from warehouse.journal import read_journal
from warehouse.reports import StageReport, TableCount
from warehouse.settings import Settings


def test_the_night_and_the_training_have_their_stages_in_order() -> None:
    assert [stage.name for stage in NIGHTLY] == ["land", "check", "build", "score", "decide", "audit", "publish"]
    assert [stage.name for stage in TRAINING] == ["land", "check", "build", "build_features", "train"]


def test_a_stage_that_succeeds_is_journalled_with_its_rows(tmp_path: Path) -> None:
    settings = installation(tmp_path)
    report = StageReport("probe", 5, 4, 1, (TableCount("crm.orders", 5, 4, 1),), ("王芳",))

    def run(settings: Settings, as_of: date) -> StageReport:
        return report

    assert run_stage(Stage("probe", run, "for this test"), settings, night()) == report
    (entry,) = read_journal(settings, night())
    assert (entry.stage, entry.status, entry.rows_in, entry.rows_out, entry.rows_rejected) == ("probe", "ok", 5, 4, 1)
    assert entry.tables == report.tables
    assert entry.notes == ("王芳",)
    assert entry.error is None


def test_a_stage_that_fails_is_journalled_with_its_message_and_leaves_the_release_up(tmp_path: Path) -> None:
    settings = installation(tmp_path)
    build_warehouse(settings, night(0))
    run_stage(PUBLISH, settings, night(0))
    with pytest.raises(PublishError):
        run_stage(PUBLISH, settings, night(1))
    (failed,) = read_journal(settings, night(1))
    assert failed.status == "failed"
    assert "is of 2026-11-01, expected 2026-11-02" in str(failed.error)
    assert (settings.serving / "customer_360.duckdb").resolve().parent.name.startswith("2026-11-01")
