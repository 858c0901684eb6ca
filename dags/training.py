"""
### Training

Builds features and labels of past nights, trains every model, evaluates it on later data than it was trained on,
and promotes models that pass their gate. The nightly DAG scores with promoted models only. Owner: customer insight.

**Which night.** As in *nightly*: the date on which the data interval ends. All label windows end before it.

**When it fails.** The nightly DAG keeps the current models. A model that does not pass its gate is no failure: the log
names the rule it broke, and MLflow keeps it as challenger. Repair the cause, then clear the failed task.

It runs on Sundays after the night. Both DAGs share the one slot of the pool `warehouse`.
"""

from __future__ import annotations

from airflow.sdk import CronTriggerTimetable, dag

from dags.common.assets import MODELS, SOURCES
from dags.common.defaults import START, Tag, default_arguments, parameters
from dags.common.tasks import chain_stages
from pipeline.stages import TRAINING


@dag(
    schedule=CronTriggerTimetable("0 5 * * 0", timezone="UTC"),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=default_arguments(),
    params=parameters(),
    tags=[Tag.MODELS, Tag.CUSTOMER_360],
    doc_md=__doc__,
)
def training() -> None:
    chain_stages(TRAINING, inlets={"land": SOURCES}, outlets={"train": [MODELS]})


training()
