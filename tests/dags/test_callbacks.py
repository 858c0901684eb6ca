"""The alert about a stage that has failed for good, and how Airflow's connections reach a stage."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from dags.common.callbacks import failure_message
from tests.dags.airflow_home import run_python
from tests.warehouse.small_warehouse import CONFIGURATION

ALERT = """
import logging
from types import SimpleNamespace
from dags.common.callbacks import on_failure
on_failure({
    "params": {"as_of": "2026-11-02"},
    "task_instance": SimpleNamespace(dag_id="nightly", task_id="decide", run_id="scheduled"),
    "exception": ValueError("the playbook\\nis empty"),
})
"""

ADDRESSES = """
import json
from airflow.sdk import Connection
from dags.common.connections import address
print(json.dumps([address(Connection(conn_id="it", uri=uri)) for uri in %r]))
"""


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[dict[str, str]]]]:
    received: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))) | {"path": self.path})
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/alerts", received
    server.shutdown()


def test_the_message_names_the_failure_the_release_in_use_and_the_remedy() -> None:
    message = failure_message("nightly", "decide", "2026-11-02", "the playbook is empty", "2026-11-01-abcd")
    assert message.startswith("nightly of 2026-11-02: stage 'decide' failed: the playbook is empty.")
    assert "Readers still see release 2026-11-01-abcd." in message
    assert "clear the task 'decide'" in message
    assert message.endswith("rapport nightly --date 2026-11-02")
    assert "Nothing is published yet" in failure_message("training", "train", "2026-11-02", "x", None)


def test_a_failure_is_written_down_and_posted_where_a_webhook_is_connected(
    tmp_path: Path, webhook: tuple[str, list[dict[str, str]]]
) -> None:
    url, received = webhook
    run_python(ALERT, tmp_path, AIRFLOW_CONN_RAPPORT_ALERTS=url)
    (alert,) = [json.loads(line) for line in (tmp_path / "home/runs/alerts.jsonl").read_text("utf-8").splitlines()]
    assert (alert["dag"], alert["stage"], alert["as_of"]) == ("nightly", "decide", "2026-11-02")
    assert alert["error"] == "the playbook is empty"
    assert received == [alert | {"path": "/alerts"}]


def test_an_unreachable_webhook_does_not_stop_the_alert(tmp_path: Path) -> None:
    run_python(ALERT, tmp_path, AIRFLOW_CONN_RAPPORT_ALERTS="http://127.0.0.1:1/alerts")
    assert (tmp_path / "home/runs/alerts.jsonl").exists()


def test_connections_of_airflow_become_addresses_that_stages_understand(tmp_path: Path) -> None:
    given = [
        "postgres://reader:p%40ss@db.example.com:5433/crm",
        "https://tickets.example.com/api/v2",
        "http://user:token@tickets.example.com:8000",
    ]
    assert json.loads(run_python(ADDRESSES % given, tmp_path).splitlines()[-1]) == [
        "postgresql://reader:p%40ss@db.example.com:5433/crm",
        "https://tickets.example.com/api/v2",
        "http://tickets.example.com:8000",
    ]


def test_a_stage_gets_the_connections_its_configuration_names_and_does_not_show_them(tmp_path: Path) -> None:
    configuration = tmp_path / "rapport.yml"
    source = "crm: {connector: sql, connection: crm_db, tables: {customers: {from: accounts}}}"
    configuration.write_text(
        CONFIGURATION.replace("sources: {crm", f"sources: {{{source}, survey") % 7, encoding="utf-8"
    )
    configuration.write_text(
        configuration.read_text("utf-8").replace(
            "tables: {customers: {from: customers.csv}}", "tables: {responses: {from: r.csv}}"
        )
    )
    program = """
from warehouse.core.settings import settings_from_environment
from dags.common.connections import with_connections
settings = with_connections(settings_from_environment())
print(settings.connection("crm_db"))
assert "secret" not in repr(settings)
"""
    printed = run_python(
        program, tmp_path, RAPPORT_CONFIG=str(configuration), AIRFLOW_CONN_CRM_DB="postgres://me:secret@db/crm"
    )
    assert printed.splitlines()[-1] == "postgresql://me:secret@db/crm"
