"""Shares of tickets within their targets, counted again."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median
from typing import Any

import pytest

from tests.dbt_project.service import recomputed
from tests.dbt_project.service.conftest import Reader, threshold
from tests.dbt_project.service.small_company import MIDNIGHT, TICKETS
from tests.dbt_project.surveys.statistics import wilson

IDS = sorted({row["ticket_id"] for row in TICKETS})


def clocks(metric: str) -> list[dict[str, Any]]:
    rows = []
    for ticket_id in IDS:
        one = recomputed.ticket(ticket_id)
        if metric == "resolution":
            minutes, _, state = recomputed.resolution(ticket_id)
            ended, decided = one["solved"], one["solved"] or MIDNIGHT
        else:
            minutes, _, state = recomputed.first_response(ticket_id)
            ended = one["answered"] or one["resolved"] or one["closed"]
            decided = ended or MIDNIGHT
        priority = recomputed.priority_at(ticket_id, decided)
        rows.append({"minutes": minutes, "state": state, "ended": ended, "all": "all"} | one | {"priority": priority})
    return rows


def is_counted(row: dict[str, Any], days: int) -> bool:
    first: datetime = MIDNIGHT - timedelta(days=days)
    return row["ended"] >= first if row["ended"] else row["state"] == "breached"


@pytest.mark.parametrize("metric", ["first_response", "resolution"])
@pytest.mark.parametrize(
    ("dimension", "column"), [("overall", "all"), ("priority", "priority"), ("team", "team"), ("lane", "lane")]
)
def test_shares_within_target_are_those_of_the_clocks(
    published: Reader, metric: str, dimension: str, column: str
) -> None:
    table = published("sla_performance", "sla_metric", "dimension", "dimension_value", "window_days")
    rows = clocks(metric)
    checked = 0
    for value in {row[column] for row in rows}:
        for days in (1, 7, 28, 90):
            counted = [row for row in rows if row[column] == value and is_counted(row, days)]
            if not counted:
                continue
            found = table.loc[(metric, dimension, value, days)]
            met = sum(row["state"] == "met" for row in counted)
            low, high = wilson(met, len(counted))
            assert (found["ticket_count"], found["met_count"]) == (len(counted), met)
            assert (found["interval_low"], found["interval_high"]) == pytest.approx((low, high), abs=2e-6)
            assert found["met_share"] == pytest.approx(met / len(counted), abs=1e-6)
            assert bool(found["is_reportable"]) == (len(counted) >= threshold("shared", "minimum_sample"))
            ended = [row["minutes"] for row in counted if row["ended"]]
            if ended:
                assert found["median_minutes"] == pytest.approx(median(ended), abs=1e-4)
            checked += 1
    assert checked >= 3


def test_open_tickets_over_their_target_count_in_every_window(published: Reader) -> None:
    table = published("sla_performance", "sla_metric", "dimension", "dimension_value", "window_days")
    late = [row for row in clocks("resolution") if row["ended"] is None and row["state"] == "breached"]
    assert len(late) > 5
    assert set(table.loc[("resolution", "overall", "all")]["open_breached_count"]) == {len(late)}
