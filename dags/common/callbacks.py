"""Alerts for a stage that failed after its last retry."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow.sdk import Context

if TYPE_CHECKING:
    from warehouse.core.settings import Settings

ALERT_CONNECTION = "rapport_alerts"  # an http connection; without it, alerts go to the log and the alert file only
_log = logging.getLogger(__name__)


def on_failure(context: Context) -> None:
    """Report what failed, what readers see and what to do: in the task log, `runs/alerts.jsonl` and the webhook."""
    from dags.common.tasks import as_of_of, settings_of
    from warehouse.publishing.releases import current_release_id

    settings, as_of = settings_of(context), as_of_of(context)
    instance = context["task_instance"]
    error = " ".join(str(context.get("exception") or "killed, or lost its worker").split())
    alert = {
        "dag": instance.dag_id,
        "stage": instance.task_id,
        "as_of": str(as_of),
        "run_id": instance.run_id,
        "error": error,
        "text": failure_message(instance.dag_id, instance.task_id, str(as_of), error, current_release_id(settings)),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    _log.error(alert["text"])
    write_alert(settings, alert)
    _post(alert)


def failure_message(dag: str, stage: str, as_of: str, error: str, current_release: str | None) -> str:
    """The text of an alert, for the person on duty."""
    readers = f"Readers still see release {current_release}." if current_release else "Nothing is published yet."
    return (
        f"{dag} of {as_of}: stage '{stage}' failed: {error}. {readers} After repairing the cause, clear the task "
        f"'{stage}' and the tasks after it in the Airflow UI; the run continues there. In a terminal: "
        f"rapport {'train' if dag == 'training' else 'nightly'} --date {as_of}"
    )


def write_alert(settings: Settings, alert: dict[str, Any]) -> None:
    """Append an alert to `runs/alerts.jsonl`."""
    settings.runs.mkdir(parents=True, exist_ok=True)
    with (settings.runs / "alerts.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(alert, ensure_ascii=False) + "\n")


def _post(alert: dict[str, Any]) -> None:
    """Send the alert as JSON; Slack, Mattermost and Teams show its `text`. A failing webhook is only logged."""
    import requests

    from dags.common.connections import address, find

    connection = find(ALERT_CONNECTION)
    if connection is None:
        return
    headers = {"Authorization": f"Bearer {connection.password}"} if connection.password else {}
    try:
        requests.post(address(connection), json=alert, headers=headers, timeout=10).raise_for_status()
    except requests.RequestException as error:
        _log.warning("the alert could not be sent to connection '%s': %s", ALERT_CONNECTION, type(error).__name__)
