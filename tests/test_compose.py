"""The services fit together, and none starts with a default password."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.dags.airflow_home import environment, run_airflow
from warehouse.core.settings import PROJECT

SERVICES = {
    "postgres",
    "mlflow",
    "airflow-init",
    "airflow-api-server",
    "airflow-scheduler",
    "airflow-dag-processor",
    "airflow-triggerer",
}
SECRETS = {
    "POSTGRES_PASSWORD",
    "AIRFLOW_SECRET_KEY",
    "AIRFLOW_JWT_SECRET",
    "AIRFLOW_ADMIN_PASSWORD",
    "AIRFLOW_FERNET_KEY",
}


@pytest.fixture(scope="module")
def text() -> str:
    return (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def services(text: str) -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load(text)["services"]
    return services


def test_the_services_are_the_expected_ones(services: dict[str, Any]) -> None:
    assert set(services) == SERVICES


def test_every_long_running_service_has_a_health_check_and_restarts(services: dict[str, Any]) -> None:
    for name in SERVICES - {"airflow-init"}:
        assert services[name]["healthcheck"]["test"][0] == "CMD", name
        assert services[name]["restart"] == "unless-stopped", name
    assert services["airflow-init"]["restart"] == "no"


def test_airflow_starts_only_when_its_database_is_ready(services: dict[str, Any]) -> None:
    for name in SERVICES - {"airflow-init", "postgres", "mlflow"}:
        waits = services[name]["depends_on"]
        assert waits["airflow-init"]["condition"] == "service_completed_successfully", name
        assert waits["mlflow"]["condition"] == "service_healthy", name
    for name in ("mlflow", "airflow-init"):
        assert services[name]["depends_on"]["postgres"]["condition"] == "service_healthy", name


def test_every_secret_is_required_from_the_environment_and_none_has_a_default(text: str) -> None:
    required = set(re.findall(r"\$\{(\w+):\?", text))
    assert required == SECRETS
    defaulted = set(re.findall(r"\$\{(\w+):?-[^}]+\}", text))
    assert not [name for name in defaulted if re.search("PASSWORD|SECRET|KEY", name)]
    assert not re.search(
        r"(?i)(password|secret|key)\w*\s*[:=]\s*(?!\$|set |/|\"\$)[\w\"']{3,}", re.sub("#.*", "", text)
    )


def test_the_example_environment_names_every_variable_and_gives_no_secret(text: str) -> None:
    example = (PROJECT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", text))
    assert used - {"RAPPORT_VERSION"} <= named
    assert {name for name, value in re.findall(r"^([A-Z_]+)=(.*)$", example, re.MULTILINE) if not value} == SECRETS


def test_the_variables_of_rapport_are_ones_it_reads(services: dict[str, Any]) -> None:
    read = (PROJECT / "warehouse" / "core" / "settings.py").read_text(encoding="utf-8")
    given = services["airflow-scheduler"]["environment"]
    ours = [name for name in given if name.startswith(("RAPPORT_", "MLFLOW_"))]
    assert sorted(ours) == ["MLFLOW_TRACKING_URI", "RAPPORT_CONFIG", "RAPPORT_DATASETS", "RAPPORT_HOME"]
    assert [name for name in ours if f'"{name}"' not in read] == []


def test_all_of_airflow_and_mlflow_share_one_image_home_and_environment(services: dict[str, Any]) -> None:
    base = services["airflow-scheduler"]
    for name in SERVICES - {"postgres"}:
        assert services[name]["image"] == base["image"], name
        assert services[name]["volumes"] == base["volumes"], name
        assert base["environment"].items() <= services[name]["environment"].items(), name


def test_addresses_between_services_are_of_services_on_the_ports_they_listen_on(services: dict[str, Any]) -> None:
    given = services["airflow-scheduler"]["environment"]
    assert given["MLFLOW_TRACKING_URI"] == "http://mlflow:5000"
    assert "--port=5000" in services["mlflow"]["command"]
    assert "mlflow:*" in next(part for part in services["mlflow"]["command"] if "--allowed-hosts" in part)
    assert given["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://airflow-api-server:8080/execution/"
    assert "airflow api-server --port 8080" in services["airflow-api-server"]["command"][-1]
    assert services["mlflow"]["ports"][0].endswith(":5000")
    assert services["airflow-api-server"]["ports"][0].endswith(":8080")
    assert ":5000/health" in services["mlflow"]["healthcheck"]["test"][-1]
    assert ":8080/api/v2/monitor/health" in services["airflow-api-server"]["healthcheck"]["test"][-1]
    for name in ("mlflow", "airflow-api-server"):
        assert services[name]["ports"][0].startswith("127.0.0.1:"), "reachable from this machine only, until decided"


def test_the_pool_and_the_databases_are_the_ones_the_dags_and_services_name(services: dict[str, Any]) -> None:
    assert "airflow pools set warehouse 1" in services["airflow-init"]["command"][-1]
    assert services["postgres"]["environment"]["POSTGRES_DB"] == "airflow"
    assert services["airflow-init"]["environment"]["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].endswith("@postgres/airflow")
    store = next(part for part in services["mlflow"]["command"] if "--backend-store-uri" in part)
    assert store.endswith("@postgres/mlflow")


def test_the_image_installs_the_locked_set_on_a_python_that_the_project_allows() -> None:
    dockerfile = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^FROM python:3\.1[123]-slim", dockerfile, re.MULTILINE)
    assert "uv pip sync --system --no-cache --compile-bytecode requirements.lock" in dockerfile
    assert re.search(r"^USER rapport$", dockerfile, re.MULTILINE)
    locked = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    for package in ("uv", "apache-airflow", "mlflow", "psycopg2-binary", "asyncpg", "setuptools"):
        assert re.search(rf"^{package}==", locked, re.MULTILINE), package


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _await(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 180) -> bytes:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text(encoding="utf-8")[-2000:]
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                body: bytes = answer.read()
                return body
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise AssertionError(f"{url} did not answer in {seconds} s: {log.read_text(encoding='utf-8')[-2000:]}")


@pytest.mark.slow
def test_the_mlflow_command_serves_and_answers_its_health_check(services: dict[str, Any], tmp_path: Path) -> None:
    port = _free_port()
    command = [
        part.replace("--port=5000", f"--port={port}")
        .replace("--workers=2", "--workers=1")
        .replace("0.0.0.0", "127.0.0.1")
        .replace("/opt/rapport/var", str(tmp_path))
        for part in services["mlflow"]["command"]
    ]
    command = [
        f"--backend-store-uri=sqlite:///{tmp_path}/mlflow.db" if part.startswith("--backend-store-uri") else part
        for part in command
    ]
    _serve(
        [str(Path(sys.prefix) / "bin" / command[0]), *command[1:]], f"http://127.0.0.1:{port}/health", tmp_path, b"OK"
    )


@pytest.mark.slow
def test_the_airflow_commands_exist_and_the_api_server_answers_its_health_check(
    services: dict[str, Any], tmp_path: Path
) -> None:
    assert run_airflow(tmp_path, "db", "migrate").returncode == 0
    pool = run_airflow(tmp_path, "pools", "set", "warehouse", "1", "one writer of the warehouse at a time")
    assert pool.returncode == 0, pool.stderr
    for name in ("scheduler", "dag-processor", "triggerer"):
        assert services[f"airflow-{name}"]["command"] == ["airflow", name]
        assert run_airflow(tmp_path, name, "--help").returncode == 0
    port = _free_port()
    command = [str(Path(sys.prefix) / "bin" / "airflow"), "api-server", "--host", "127.0.0.1", "--port", str(port)]
    _serve(command, f"http://127.0.0.1:{port}/api/v2/monitor/health", tmp_path, b'"metadatabase":{"status":"healthy"}')


def _serve(command: list[str], url: str, folder: Path, expected: bytes) -> None:
    log = folder / "service.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=environment(folder, MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false"),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        assert expected in _await(url, process, log)
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # with its workers
        process.wait(timeout=30)
