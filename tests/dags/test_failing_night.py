"""A night that fails in Airflow itself: what it leaves behind, and its alert."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.journal import read_journal
from pipeline.stages import BUILD, PUBLISH, run_stage
from tests.dags.airflow_home import run_airflow
from tests.pipeline.test_stages import SMALL_BUILD
from tests.warehouse.small_warehouse import installation, night
from warehouse.publishing.releases import current_release_id


@pytest.mark.slow
def test_a_night_that_fails_in_airflow_keeps_yesterdays_release_and_alerts_with_the_remedy(tmp_path: Path) -> None:
    settings = installation(tmp_path / "home")  # its only source, customers.csv, is not there
    run_stage(SMALL_BUILD, settings, night(0))
    run_stage(PUBLISH, settings, night(0))
    yesterday = current_release_id(settings)
    configuration = {"RAPPORT_CONFIG": str(settings.config_path)}
    assert run_airflow(tmp_path, "db", "migrate").returncode == 0
    done = run_airflow(tmp_path, "dags", "test", "nightly", str(night(1)), seconds=240, **configuration)
    assert done.returncode != 0
    assert current_release_id(settings) == yesterday
    entries = read_journal(settings, night(1))
    assert entries[-1].status == "failed"
    assert BUILD.name not in [entry.stage for entry in entries]
    (alert,) = [json.loads(line) for line in (settings.runs / "alerts.jsonl").read_text("utf-8").splitlines()]
    assert alert["stage"] == entries[-1].stage
    assert (alert["dag"], alert["as_of"]) == ("nightly", str(night(1)))
    assert f"Readers still see release {yesterday}" in alert["text"]
