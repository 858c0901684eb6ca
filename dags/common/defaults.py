"""What all DAGs have in common: owner, retries, the pool, tags, parameters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from airflow.sdk import Param

from dags.common.callbacks import on_failure

POOL = "warehouse"  # one slot: whatever writes the warehouse waits for its turn
START = datetime(2025, 1, 1, tzinfo=UTC)


class Tag(StrEnum):
    """What a DAG can be found by in the UI."""

    NIGHTLY = "nightly"
    MODELS = "models"
    CUSTOMER_360 = "customer-360"


def default_arguments() -> dict[str, Any]:
    """Arguments of every task. A stage may be repeated at any time, so it is retried."""
    return {
        "owner": "customer-insight",
        "retries": 2,
        "retry_delay": timedelta(minutes=5),
        "pool": POOL,
        "on_failure_callback": on_failure,
        "weight_rule": "upstream",  # a night that has begun goes before one that has not
    }


def parameters() -> dict[str, Param]:
    """What a run can be given by hand; a scheduled run needs neither."""
    return {
        "as_of": Param(
            None,
            type=["null", "string"],
            format="date",
            title="As of",
            description="What happened before this date counts. Empty: the end of the run's data interval.",
        ),
        "config": Param(
            None,
            type=["null", "string"],
            title="Configuration",
            description="Path of a rapport.yml, as the worker sees it. Empty: RAPPORT_CONFIG, or the project's own.",
        ),
    }
