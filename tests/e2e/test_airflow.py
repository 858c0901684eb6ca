"""Real Airflow with all its services: a backfill, the later night first, gives the tables of the nights run in turn."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from pipeline.runner import airflow_environment, prepare_airflow
from tests.company import Company
from tests.e2e.conftest import LaterRuns, released
from warehouse.core.settings import PROJECT, Settings, settings_from_environment

AIRFLOW = str(Path(sys.prefix) / "bin" / "airflow")
PATIENCE_SECONDS = 1500


def _settings(company: Company) -> Settings:
    return Settings(company.home, company.config, settings_from_environment().datasets)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def airflow(trained: Company, tmp_path: Path) -> Iterator[tuple[Company, dict[str, str]]]:
    """All of Airflow on loopback, on a copy of the trained company."""
    company = trained.copy(tmp_path / "home")
    settings = _settings(company)
    prepare_airflow(settings)
    environment = airflow_environment(settings, _free_port()) | {
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",  # tonight's run is not what is tested
    }
    with (tmp_path / "standalone.log").open("wb") as log:
        process = subprocess.Popen(
            [AIRFLOW, "standalone"], env=environment, cwd=PROJECT, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield company, environment
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=60)


def _metadata(company: Company, query: str) -> list[str]:
    database = company.home / "airflow" / "airflow.db"
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30) as metadata:
        return [row[0] for row in metadata.execute(query)]


def _wait(is_done: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_done():
        assert time.monotonic() < deadline, f"{what} took more than {PATIENCE_SECONDS} s"
        time.sleep(1)


def test_an_airflow_backfill_of_nights_in_reverse_gives_the_tables_of_the_nights_in_turn(
    later_runs: LaterRuns, airflow: tuple[Company, dict[str, str]]
) -> None:
    earlier, later, _ = later_runs.nights
    company, environment = airflow
    known = partial(_metadata, company, "select dag_id from serialized_dag where dag_id = 'nightly'")
    _wait(lambda: bool(known()), "reading the DAG")
    create = [AIRFLOW, "backfill", "create", "--dag-id", "nightly", "--run-backwards"]
    create += ["--from-date", str(earlier), "--to-date", f"{later}T23:59", "--max-active-runs", "1"]
    subprocess.run(create, env=environment, cwd=PROJECT, check=True, capture_output=True, timeout=120)
    runs = partial(
        _metadata,
        company,
        "select state from dag_run where dag_id = 'nightly' and run_type = 'backfill' order by start_date",
    )
    _wait(lambda: len(runs()) == 2 and not {"queued", "running"} & set(runs()), "the backfill")
    assert runs() == ["success", "success"]
    assert released(company, earlier) == later_runs.release(earlier), "a late night is what it is in its turn"
    assert company.contents() == released(company, later), "readers stay on the newest night"
    assert company.contents().keys() == later_runs.release(later).keys()
