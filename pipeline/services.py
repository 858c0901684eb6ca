"""`rapport up`: Airflow and the MLflow UI on this machine, to look at runs and models."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from pipeline.runner import BIN, airflow_environment, prepare_airflow
from pipeline.terminal import Terminal
from warehouse.core.settings import PROJECT, Settings

#: The MLflow page of runs and models; the default page shows traces of language models.
RUNS_AND_MODELS = "/#/experiments?workflowType=machine_learning"


def serve(terminal: Terminal, settings: Settings, airflow_port: int, mlflow_port: int) -> None:
    """Run both on the loopback address until interrupted or terminated, then end them and their child processes."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    prepare_airflow(settings)
    environment = airflow_environment(settings, airflow_port) | {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    mlflow = ["ui", "--backend-store-uri", settings.mlflow_uri, "--host", "127.0.0.1", "--port", str(mlflow_port)]
    commands = {
        "airflow": ([str(BIN / "airflow"), "standalone"], f"http://127.0.0.1:{airflow_port}"),
        "mlflow": ([str(BIN / "mlflow"), *mlflow], f"http://127.0.0.1:{mlflow_port}{RUNS_AND_MODELS}"),
    }
    processes: list[subprocess.Popen[bytes]] = []
    settings.logs.mkdir(parents=True, exist_ok=True)
    try:
        for name, (command, address) in commands.items():
            log_file = settings.logs / f"{name}.log"
            processes.append(_start(command, environment, log_file))
            terminal.console.print(f"  {name:<8} {address}   log: {log_file}", soft_wrap=True)
        passwords = settings.airflow_home / "simple_auth_manager_passwords.json.generated"
        terminal.console.print(f"  Airflow: sign in as admin; the password is in {passwords}", soft_wrap=True)
        terminal.console.print("  DAGs start paused. Unpause `nightly` to run it every night. Ctrl-C stops everything.")
        for process in processes:
            process.wait()
    except KeyboardInterrupt:
        terminal.console.print("  stopping")
    finally:
        _stop(processes)


def _start(command: list[str], environment: dict[str, str], log_file: Path) -> subprocess.Popen[bytes]:
    with log_file.open("ab") as log:
        return subprocess.Popen(
            command, env=environment, cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        os.killpg(process.pid, signal.SIGTERM)
    for process in processes:
        process.wait(timeout=60)
