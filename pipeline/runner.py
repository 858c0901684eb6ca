"""Runs stages for the command, in this process or as the DAG in Airflow. Both write the same journal."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

from pipeline.journal import Entry, read_journal
from pipeline.stages import Stage, run_stage
from pipeline.terminal import Terminal
from warehouse.core.errors import BuildError
from warehouse.core.reports import StageReport
from warehouse.core.settings import PROJECT, Settings

BIN = Path(sys.prefix) / "bin"
POLL_SECONDS = 0.2


def run_stages(terminal: Terminal, settings: Settings, as_of: date, stages: Sequence[Stage], name: str) -> None:
    """Run stages in order. The first that raises ends the run; the next run repeats finished stages at little cost."""
    for stage in stages:
        terminal.run(settings, stage.name, partial(run_stage, stage, settings, as_of))


def airflow_environment(settings: Settings, port: int = 8080) -> dict[str, str]:
    """The environment in which Airflow runs this installation's DAGs, its API on a loopback port."""
    url = f"http://127.0.0.1:{port}"
    return settings.process_environment(
        AIRFLOW_HOME=str(settings.airflow_home),
        AIRFLOW__API__BASE_URL=url,
        AIRFLOW__API__HOST="127.0.0.1",
        AIRFLOW__API__PORT=str(port),
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{settings.airflow_home / 'airflow.db'}",
        AIRFLOW__CORE__DAGS_FOLDER=str(PROJECT / "dags"),
        AIRFLOW__CORE__EXECUTION_API_SERVER_URL=f"{url}/execution/",
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__CORE__PARALLELISM="4",  # a worker process each
        PATH=f"{BIN}{os.pathsep}{settings.process_environment().get('PATH', '')}",  # Airflow starts itself by name
        PYTHONPATH=str(PROJECT),
    )


def airflow(settings: Settings, *arguments: str, log_file: Path) -> subprocess.Popen[bytes]:
    """Start an Airflow command, its output in the log file."""
    log_file.parent.mkdir(parents=True, exist_ok=True)
    with log_file.open("ab") as log:
        command = [str(BIN / "airflow"), *arguments]
        return subprocess.Popen(
            command, env=airflow_environment(settings), cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT
        )


def prepare_airflow(settings: Settings) -> None:
    """Create Airflow's metadata database and the one-slot pool `warehouse`, unless they exist.

    Raises:
        BuildError: an Airflow command failed; the message names the log file.
    """
    log_file = settings.logs / "airflow.log"
    prepared = (
        settings.airflow_home / "prepared"
    )  # a marker, because an interrupted start leaves an incomplete database
    if prepared.exists():
        return
    for arguments in (("db", "migrate"), ("pools", "set", "warehouse", "1", "one writer of the warehouse at a time")):
        if airflow(settings, *arguments, log_file=log_file).wait() != 0:
            raise BuildError(f"airflow {' '.join(arguments[:2])} failed; read {log_file}")
    prepared.touch()


def run_dag(terminal: Terminal, settings: Settings, as_of: date, stages: Sequence[Stage], name: str) -> None:
    """Run a whole DAG in Airflow, printing each stage's line as it ends.

    Raises:
        BuildError: a stage failed, with the message of that stage, or Airflow ended early.
    """
    log_file = settings.logs / f"{name}.log"
    with terminal.progress(settings, "airflow"):
        prepare_airflow(settings)
    seen = len(read_journal(settings, as_of))
    process = airflow(settings, "dags", "test", name, str(as_of), log_file=log_file)
    try:
        for stage in stages:
            with terminal.progress(settings, stage.name):
                entry, seen = _await(process, settings, as_of, seen)
            if entry is None or entry.status == "failed":
                reason = entry.error if entry else "Airflow ended before the stage ran"
                raise BuildError(
                    f"stage {stage.name}: {reason} (readers keep the last release; Airflow's log: {log_file})"
                )
            report = StageReport(stage.name, entry.rows_in, entry.rows_out, entry.rows_rejected, notes=entry.notes)
            terminal.report_line(report, entry.seconds)
        if process.wait() != 0:
            raise BuildError(f"Airflow ended with status {process.returncode}; read {log_file}")
    finally:
        process.terminate()


def _await(process: subprocess.Popen[bytes], settings: Settings, as_of: date, seen: int) -> tuple[Entry | None, int]:
    """Wait for the next successful journal entry; where Airflow ends first, return the last failure.

    `seen` is the number of entries already read. Failures are skipped while Airflow runs, because it retries them.
    """
    last: Entry | None = None
    while True:
        ended = process.poll() is not None
        entries = read_journal(settings, as_of)
        for number, entry in enumerate(entries[seen:], seen + 1):
            if entry.status == "ok":
                return entry, number
            last, seen = entry, number
        if ended:
            return last, seen
        time.sleep(POLL_SECONDS)
