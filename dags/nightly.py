"""
### Nightly

Lands what the source systems recorded, builds and checks the customer-360 warehouse, scores it, decides whom to
contact, and publishes one complete release. Owner: customer insight.

**Which night.** `as_of` is the date (UTC) on which the data interval ends: only what happened before 00:00 of that date
counts. The run of 2026-11-02 02:00 publishes the night `as_of` 2026-11-02, and so does
`airflow dags test nightly 2026-11-02`. Trigger the DAG with `{"as_of": "2026-11-02"}` for any other night, and with
`{"config": "/path/rapport.yml"}` for another configuration.

**When it fails.** Readers keep the last release. The log of the failed task ends with what to do. Afterwards clear that
task and the tasks after it. Retries are automatic, except where the same data fails again (a contract, a check, the
audit).

**Past nights.** Missed nights are not caught up automatically (`catchup=False`): the next night lands what they missed,
and nothing is lost. To rebuild past nights, for example after a change of a definition, or to publish several missed
nights before the next night runs:

    airflow backfill create --dag-id nightly --from-date 2026-11-01 --to-date 2026-11-07T23:59 \\
        --max-active-runs 1 --reprocess-behavior completed

They run one at a time, oldest first. Each night sees exactly the rows that had landed by then. Readers stay on the
newest release.
"""

from __future__ import annotations

from airflow.sdk import CronTriggerTimetable, dag

from dags.common.assets import MODELS, RELEASE, SOURCES
from dags.common.defaults import START, Tag, default_arguments, parameters
from dags.common.tasks import chain_stages
from pipeline.stages import NIGHTLY


@dag(
    schedule=CronTriggerTimetable("0 2 * * *", timezone="UTC"),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=default_arguments(),
    params=parameters(),
    tags=[Tag.NIGHTLY, Tag.CUSTOMER_360],
    doc_md=__doc__,
)
def nightly() -> None:
    chain_stages(NIGHTLY, inlets={"land": SOURCES, "score": [MODELS]}, outlets={"publish": [RELEASE]})


nightly()
