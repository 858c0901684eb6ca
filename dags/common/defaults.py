"""Owner, retries, pool, tags and parameters that all DAGs share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from airflow.sdk import Param

from dags.common.callbacks import on_failure

POOL = "warehouse"  # one slot: only one task writes the warehouse at a time
START = datetime(2025, 1, 1, tzinfo=UTC)


class Tag(StrEnum):
    """Tags of DAGs in the UI."""

    NIGHTLY = "nightly"
    MODELS = "models"
    CUSTOMER_360 = "customer-360"


def default_arguments() -> dict[str, Any]:
    """Arguments of every task. Stages are retried, because repeating one is always safe."""
    return {
        "owner": "customer-insight",
        "retries": 2,
        "retry_delay": timedelta(minutes=5),
        "pool": POOL,
        "on_failure_callback": on_failure,
        "weight_rule": "upstream",  # tasks of a night that has begun come before those of other nights
    }


def parameters() -> dict[str, Param]:
    """Parameters for a run triggered by hand; a scheduled run needs none."""
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
