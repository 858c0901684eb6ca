"""Airflow in a folder of its own: the environment in which its commands find these DAGs and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from warehouse.core.settings import NO_TELEMETRY, PROJECT


def environment(folder: Path, **extra: str) -> dict[str, str]:
    """The environment of an Airflow command whose metadata, logs and Rapport home are under `folder`."""
    return {
        **os.environ,
        **NO_TELEMETRY,
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "PYTHONPATH": str(PROJECT),
        "RAPPORT_HOME": str(folder / "home"),
        **extra,
    }


def run_python(program: str, folder: Path, **extra: str) -> str:
    """Run a program in the environment of `environment`; returns what it prints."""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment(folder, **extra), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_airflow(folder: Path, *arguments: str, seconds: float = 120, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run an Airflow command to its end."""
    command = [str(Path(sys.prefix) / "bin" / "airflow"), *arguments]
    return subprocess.run(
        command,
        env=environment(folder, **extra),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
