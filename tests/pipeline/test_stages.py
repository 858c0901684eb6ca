"""A stage runs the same way under Airflow and under the command, and the journal tells of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.journal import read_journal
from pipeline.stages import BUILD, NIGHTLY, PUBLISH, TRAINING, Stage, run_stage
from tests.warehouse.small_warehouse import build_warehouse, installation, night
from warehouse.core.errors import BuildError, PublishError
from warehouse.core.reports import StageReport, TableCount
from warehouse.core.settings import Settings


def _small_build(settings: Settings, as_of: date) -> StageReport:
    build_warehouse(settings, as_of)
    return StageReport("build")


SMALL_BUILD = replace(BUILD, run=_small_build)


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
            with duckdb.connect(str(settings.warehouse_file)) as connection:
                connection.execute("update scores.churn set as_of = as_of - 1")
            with pytest.raises(PublishError):
                run_stage(PUBLISH, settings, night(1))
        else:
            run_stage(PUBLISH, settings, night(0))
    failed = read_journal(settings, night(1))[-1]
    assert (failed.stage, failed.status) == ("publish", "failed")
    assert "scores.churn is of 2026-11-01, expected 2026-11-02" in str(failed.error)
    assert (settings.serving / "customer_360.duckdb").resolve().parent.name.startswith("2026-11-01")


def test_a_stage_does_not_go_on_with_the_warehouse_of_another_night(tmp_path: Path) -> None:
    settings = installation(tmp_path)
    run_stage(SMALL_BUILD, settings, night(0))
    run_stage(SMALL_BUILD, settings, night(1))
    with pytest.raises(BuildError, match="holds 2026-11-02, expected 2026-11-01; run this night again from the build"):
        run_stage(PUBLISH, settings, night(0))
    run_stage(SMALL_BUILD, settings, night(0))
    run_stage(PUBLISH, settings, night(0))


def test_a_build_that_was_broken_off_is_not_gone_on_with(tmp_path: Path) -> None:
    settings = installation(tmp_path)
    run_stage(SMALL_BUILD, settings, night(0))

    def broken(settings: Settings, as_of: date) -> StageReport:
        raise BuildError("broken off")

    with pytest.raises(BuildError, match="broken off"):
        run_stage(replace(BUILD, run=broken), settings, night(0))
    with pytest.raises(BuildError, match="not built to its end"):
        run_stage(PUBLISH, settings, night(0))
