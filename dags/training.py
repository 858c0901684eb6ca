"""
### Training

Learns from past nights: builds their features and what became of the customers, trains every model, evaluates it out
of time, and promotes what passes its gate. Nightly scores with the promoted models only. Owner: customer insight.

**Which night.** As in *nightly*: the date on which the data interval ends. Labels that look ahead end before it.

**When it fails.** Nightly goes on with the models it has. A model that does not pass its gate is no failure: the log
says which rule it missed, and MLflow keeps it as challenger. Mend the cause, then clear the failed task.

It runs on Sundays after the night, and shares the one slot of the pool `warehouse` with it.
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
