"""The DAGs as Airflow finds them: all there, loading without error, and set up as agreed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipeline.stages import NIGHTLY, TRAINING
from tests.dags.airflow_home import run_python

DESCRIBE = """
import json, logging, sys, time
logging.disable(logging.CRITICAL)
from airflow.dag_processing.dagbag import DagBag
started = time.monotonic()
bag = DagBag()
seconds = time.monotonic() - started
engines = ("dbt", "duckdb", "great_expectations", "mlflow", "pandas", "xgboost", "sklearn")
heavy = [name for name in engines if name in sys.modules]
dags = {
    dag.dag_id: {
        "catchup": dag.catchup, "max_active_runs": dag.max_active_runs, "tags": sorted(dag.tags), "doc": dag.doc_md,
        "start": str(dag.start_date),
        "timetable": dag.timetable.expression, "params": sorted(dag.params),
        "order": [task.task_id for task in dag.topological_sort()],
        "tasks": {
            task.task_id: {
                "owner": task.owner, "retries": task.retries, "pool": task.pool,
                "delay": task.retry_delay.total_seconds(),
                "alerts": len(task.on_failure_callback), "doc": task.doc_md, "upstream": sorted(task.upstream_task_ids),
                "inlets": [asset.name for asset in task.inlets], "outlets": [asset.name for asset in task.outlets],
            }
            for task in dag.tasks
        },
    }
    for dag in bag.dags.values()
}
print(json.dumps({"dags": dags, "errors": bag.import_errors, "heavy": heavy, "seconds": seconds}))
"""


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    described: dict[str, Any] = json.loads(run_python(DESCRIBE, tmp_path_factory.mktemp("bag")).splitlines()[-1])
    return described


def test_exactly_the_expected_dags_are_found_and_load_without_error(bag: dict[str, Any]) -> None:
    assert bag["errors"] == {}
    assert sorted(bag["dags"]) == ["nightly", "training"]


def test_parsing_the_dags_imports_no_engine(bag: dict[str, Any]) -> None:
    assert bag["heavy"] == []


@pytest.mark.parametrize(("dag", "stages"), [("nightly", NIGHTLY), ("training", TRAINING)])
def test_a_dag_is_its_stages_one_after_the_other(bag: dict[str, Any], dag: str, stages: tuple[Any, ...]) -> None:
    names = [stage.name for stage in stages]
    assert bag["dags"][dag]["order"] == names
    upstream = [bag["dags"][dag]["tasks"][name]["upstream"] for name in names]
    assert upstream == [[], *([name] for name in names[:-1])]


@pytest.mark.parametrize("dag", ["nightly", "training"])
def test_dags_run_one_at_a_time_from_a_fixed_date_without_silent_catch_up(bag: dict[str, Any], dag: str) -> None:
    found = bag["dags"][dag]
    assert (found["catchup"], found["max_active_runs"]) == (False, 1)
    assert found["start"].startswith("2025-01-01")
    assert found["params"] == ["as_of", "config"]
    assert "customer-360" in found["tags"]
    for heading in ("Which night", "When it fails", "Owner"):
        assert heading in found["doc"]


def test_the_night_runs_daily_and_the_training_weekly(bag: dict[str, Any]) -> None:
    assert bag["dags"]["nightly"]["timetable"] == "0 2 * * *"
    assert bag["dags"]["training"]["timetable"] == "0 5 * * 0"


@pytest.mark.parametrize("dag", ["nightly", "training"])
def test_every_task_has_an_owner_retries_an_alert_and_the_one_slot_pool(bag: dict[str, Any], dag: str) -> None:
    for name, found in bag["dags"][dag]["tasks"].items():
        assert found["owner"] == "customer-insight", name
        assert (found["retries"], found["delay"]) == (2, 300), name
        assert found["pool"] == "warehouse", name
        assert found["alerts"] == 1, name
        assert found["doc"], name


def test_assets_declare_what_the_dag_reads_and_writes(bag: dict[str, Any]) -> None:
    nightly, training = bag["dags"]["nightly"]["tasks"], bag["dags"]["training"]["tasks"]
    assert nightly["land"]["inlets"] == ["source_crm", "source_social", "source_survey", "source_ticket"]
    assert nightly["publish"]["outlets"] == ["customer_360"]
    assert training["train"]["outlets"] == nightly["score"]["inlets"] == ["champion_models"]
