"""The reports of the dbt stages: status and rows of every model, warnings, and notes about the retention list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb

from warehouse.building.dbt_process import NodeResult
from warehouse.core.reports import StageReport, TableCount
from warehouse.core.settings import Settings


def build_report(
    settings: Settings, stage: str, results: Sequence[NodeResult], notes: Sequence[str] = ()
) -> StageReport:
    """Status and rows per model; `rows_in` counts staging, `rows_out` the tables that later stages read."""
    models = [result for result in results if result.kind == "model"]
    rows = _row_counts(settings, [result.relation for result in models if result.status == "success"])
    tables = tuple(
        TableCount(result.relation, 0, rows.get(result.relation, 0), status=result.status) for result in models
    )
    warned = [
        f"{result.name}: {result.message or 'warning'} (rule in dbt_project/{result.path})"
        for result in results
        if result.status == "warn"
    ]
    return StageReport(
        stage=stage,
        rows_in=_sum(tables, ("staging.",)),
        rows_out=_sum(tables, ("marts.", "scores.", "quality.", "features.")),
        tables=tables,
        notes=(*notes, *warned),
    )


def _row_counts(settings: Settings, relations: Sequence[str]) -> dict[str, int]:
    if not relations:
        return {}
    counts = " union all ".join(f"select '{relation}', count(*) from {relation}" for relation in relations)  # noqa: S608
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        return dict(connection.execute(counts).fetchall())


def _sum(tables: Sequence[TableCount], schemas: tuple[str, ...]) -> int:
    return sum(table.rows_out for table in tables if table.table.startswith(schemas))


def list_notes(settings: Settings, as_of: date) -> list[str]:
    """Notes for the retention team about a list that is empty or has customers without an owner."""
    query = """
        select (select count(*) from scores.churn), count(*), count(owner_id),
            (select max(value_at_risk_cents) from intermediate.int_retention__candidates)
        from marts.retention_risk_list
        """
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        scored, listed, owned, most_at_risk = connection.execute(query).fetchall()[0]
    if not scored:
        return [f"no churn scores for {as_of}, so the retention list is empty; `rapport train` makes a model"]
    if not listed and not most_at_risk:
        return [
            "the retention list is empty: the value of customers is not known, so no contact is worth its cost; name "
            "retention.monthly_value_attribute in the configuration, or map crm.subscriptions or crm.orders"
        ]
    if not listed:
        return [
            "the retention list is empty: nobody who may be contacted is worth more than a contact costs; see "
            "retention.contact_cost_cents, margin_share and save_share in the configuration"
        ]
    if owned < listed:
        return [
            f"{listed - owned} of {listed} customers on the retention list have no owner: crm.employees has nobody "
            "with contacts_per_day left for them"
        ]
    return []
