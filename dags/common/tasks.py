"""A stage as an Airflow task: finds as_of and configuration, runs, and reports its rows in the log and as XCom."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset, Context, chain, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

from pipeline.stages import Stage, run_stage
from warehouse.core.errors import AuditError, CheckError, ContractError

if TYPE_CHECKING:
    from warehouse.core.reports import StageReport
    from warehouse.core.settings import Settings

_log = logging.getLogger(__name__)

#: Errors that the same data raises again: alert at once instead of retrying.
FINAL: tuple[type[Exception], ...] = (AuditError, CheckError, ContractError)

#: Triggering user of `airflow dags test`: somebody waits for it and repeats it by hand, so nothing is retried.
TERMINAL = "dag_test"


def chain_stages(
    stages: Sequence[Stage], inlets: Mapping[str, list[Asset]], outlets: Mapping[str, list[Asset]]
) -> None:
    """Create one task per stage, in order. `inlets` and `outlets` are assets by stage name."""
    chain(*(_stage_task(stage, inlets.get(stage.name, []), outlets.get(stage.name, [])) for stage in stages))


def as_of_of(context: Context) -> date:
    """The as_of of a run: the parameter `as_of`, else the date (UTC) at which its data interval ends.

    A run triggered without a logical date has no data interval; its as_of is the date of the trigger.
    """
    chosen = context["params"].get("as_of")
    if chosen:
        return date.fromisoformat(chosen)
    end = context.get("data_interval_end") or context["dag_run"].run_after
    return end.date()


def settings_of(context: Context) -> Settings:
    """Settings of a run, from its parameter `config`, else from the environment."""
    from warehouse.core.settings import settings_from_environment

    chosen = context["params"].get("config")
    return settings_from_environment(Path(chosen) if chosen else None)


def table_lines(report: StageReport) -> Iterator[str]:
    """The report as an aligned text table, one line per table or model, then the notes."""
    width = max([len(count.table) for count in report.tables], default=5)
    yield f"{'table':<{width}}  {'status':<8} {'rows in':>12} {'rows out':>12} {'rejected':>10}"
    for count in report.tables:
        yield (
            f"{count.table:<{width}}  {count.status:<8} {count.rows_in:>12,} {count.rows_out:>12,} "
            f"{count.rows_rejected:>10,}"
        )
    yield (f"{'total':<{width}}  {'':<8} {report.rows_in:>12,} {report.rows_out:>12,} {report.rows_rejected:>10,}")
    yield from report.notes


def _stage_task(stage: Stage, inlets: list[Asset], outlets: list[Asset]) -> Any:
    @task(task_id=stage.name, doc_md=stage.description, inlets=inlets, outlets=outlets)
    def run() -> dict[str, Any]:
        return _run(stage, outlets)

    return run()


def _run(stage: Stage, outlets: list[Asset]) -> dict[str, Any]:
    from dags.common.connections import with_connections

    context = get_current_context()
    settings, as_of = with_connections(settings_of(context)), as_of_of(context)
    _log.info("%s of %s: %s", stage.name, as_of, stage.description)
    try:
        report = run_stage(stage, settings, as_of)
    except Exception as error:
        if isinstance(error, FINAL) or context["dag_run"].triggering_user_name == TERMINAL:
            raise AirflowFailException(str(error)) from error
        raise
    for line in table_lines(report):
        _log.info(line)
    for asset in outlets:
        context["outlet_events"][asset].extra = {"as_of": str(as_of), "rows": report.rows_out}
    return {"as_of": str(as_of), **asdict(report)}
