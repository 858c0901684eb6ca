"""A stage runs the same way under Airflow and under the command, and is recorded in the journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.journal import read_journal
from pipeline.stages import AUDIT, BUILD, BUILD_FEATURES, DECIDE, NIGHTLY, PUBLISH, TRAINING, Stage, run_stage
from tests.warehouse.small_warehouse import build_warehouse, installation, night
from warehouse.building import run_record
from warehouse.building.run_record import RunRecord, save_record
from warehouse.core.errors import BuildError
from warehouse.core.reports import StageReport, TableCount
from warehouse.core.settings import Settings


def _small_build(settings: Settings, as_of: date) -> StageReport:
    run_record.remove_record(settings)
    build_warehouse(settings, as_of)
    save_record(settings, RunRecord(str(as_of), "code", "seeds", "lake", "features"))
    return StageReport("build")


def _small_decide(settings: Settings, as_of: date) -> StageReport:
    with run_record.changing(settings, "decide"):
        return StageReport("decide")


SMALL_BUILD = replace(BUILD, run=_small_build)
SMALL_DECIDE = replace(DECIDE, run=_small_decide)


def _failing(settings: Settings, as_of: date) -> StageReport:
    with run_record.changing(settings, "build_features"):
        raise BuildError("broken off")


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
    for after in (0, 1):
        run_stage(SMALL_BUILD, settings, night(after))
        if after == 1:
            with pytest.raises(BuildError):
                run_stage(PUBLISH, settings, night(1))
        else:
            run_stage(SMALL_DECIDE, settings, night(0))
            run_stage(PUBLISH, settings, night(0))
    failed = read_journal(settings, night(1))[-1]
    assert (failed.stage, failed.status) == ("publish", "failed")
    assert "the stage decide of 2026-11-02 is not complete; run this night from there on" in str(failed.error)
    assert (settings.serving / "customer_360.duckdb").resolve().parent.name.startswith("2026-11-01")


def test_a_stage_is_refused_on_the_warehouse_of_another_night(tmp_path: Path) -> None:
    settings = installation(tmp_path)
    run_stage(SMALL_BUILD, settings, night(0))
    run_stage(SMALL_BUILD, settings, night(1))
    for stage in (BUILD_FEATURES, DECIDE, AUDIT, PUBLISH):
        with pytest.raises(
            BuildError, match="holds 2026-11-02, expected 2026-11-01; run this night again from the bui"
        ):
            run_stage(stage, settings, night(0))
    for stage in (SMALL_BUILD, SMALL_DECIDE, PUBLISH):
        run_stage(stage, settings, night(0))


def test_a_warehouse_whose_build_was_not_completed_is_refused(tmp_path: Path) -> None:
    settings = installation(tmp_path)
    run_stage(SMALL_BUILD, settings, night(0))
    run_record.remove_record(settings)
    with pytest.raises(BuildError, match="holds no complete build, expected 2026-11-01"):
        run_stage(PUBLISH, settings, night(0))


def test_incomplete_features_are_built_again_but_not_decided_on(tmp_path: Path) -> None:
    settings = installation(tmp_path)
    run_stage(SMALL_BUILD, settings, night(0))
    for _ in range(2):
        with pytest.raises(BuildError, match="broken off"):
            run_stage(replace(BUILD_FEATURES, run=_failing), settings, night(0))
    with pytest.raises(BuildError, match="the stage build of 2026-11-01 is not complete; run this night from there on"):
        run_stage(SMALL_DECIDE, settings, night(0))
