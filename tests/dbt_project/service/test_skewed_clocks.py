"""Tickets solved or answered before they were opened are quarantined with a reason and are not used."""

from __future__ import annotations

import duckdb

from tests.dbt_project.service.conftest import Reader
from tests.dbt_project.service.small_company import SKEWED, TICKETS


def test_skewed_clocks_are_quarantined_with_their_reason(service_warehouse: duckdb.DuckDBPyConnection) -> None:
    (home,) = service_warehouse.execute("select path from duckdb_databases() where path is not null").fetchone() or (
        "",
    )
    files = f"{str(home).rpartition('/')[0]}/lake/quarantine/ticket/tickets/**/*.parquet"
    quarantined = service_warehouse.execute(
        "select row ->> 'ticket_id', rule, reason from read_parquet(?, union_by_name = true) order by 1", [files]
    ).fetchall()
    assert quarantined == [
        ("skewed-answered", "answered_before_opened", "the ticket was answered before it was opened"),
        ("skewed-solved", "resolved_before_opened", "the ticket was resolved before it was opened"),
    ]


def test_quarantined_tickets_are_not_used(published: Reader) -> None:
    names = set(published("fct_tickets")["ticket_id"])
    assert names == {row["ticket_id"] for row in TICKETS}
    assert names.isdisjoint(row["ticket_id"] for row in SKEWED)
