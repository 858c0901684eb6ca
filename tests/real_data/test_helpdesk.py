"""Helpdesk: every ticket and event of the log is accounted for; clocks, hand-offs and reopenings equal the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.company import Company
from tests.real_data.conftest import query, source
from warehouse.core.settings import PROJECT

KINDS = {
    "Insert ticket": "opened",
    "Assign seriousness": "assigned",
    "Take in charge ticket": "responded",
    "Wait": "waiting",
    "Require upgrade": "escalated",
    "Resolve ticket": "resolved",
    "Closed": "closed",
}
WORK = ["assigned", "responded", "waiting", "escalated"]
NIGHT = pd.Timestamp("2014-02-01")
#: Policy of the seed for a ticket without priority: business minutes to answer and to solve; opening hours of a day.
ANSWER, SOLVE, OPENS, CLOSES = 240, 1800, 480, 1080


@pytest.fixture(scope="module")
def company(run_example: Callable[[str], Company]) -> Company:
    return run_example("helpdesk")


def test_every_ticket_and_event_is_accounted_for(company: Company) -> None:
    rows = query(
        company,
        """
        select table_name, landed, used + quarantined + superseded from quality.row_accounts
        where source = 'ticket' order by table_name
        """,
    )
    assert rows == [("ticket_events", 21348, 21348), ("tickets", 4580, 4580)]
    assert query(company, "select count(*), sum(event_count) from marts.fct_tickets") == [(4580, 21348)]


def test_median_resolution_is_that_of_the_log(company: Company) -> None:
    hours = query(company, "select median(resolution_minutes) / 60 from marts.fct_tickets where is_resolved")[0][0]
    assert float(str(hours)) == pytest.approx(158.6, abs=1.5)


@pytest.fixture(scope="module")
def log() -> pd.DataFrame:
    """The raw log in the order of time: ticket, who, at (UTC), kind."""
    raw = pd.read_csv(source("helpdesk", "helpdesk_named.csv"))
    kinds = raw["Activity"].map(KINDS).fillna(raw["Activity"].str.lower())
    at = pd.to_datetime(raw["time:timestamp"], utc=True).dt.tz_localize(None)
    events = pd.DataFrame({"ticket": raw["case:concept:name"], "who": raw["Resource"], "at": at, "kind": kinds})
    return events.reset_index(names="line").sort_values(["ticket", "at", "line"])


@pytest.fixture(scope="module")
def reopenings(log: pd.DataFrame) -> pd.DataFrame:
    """Events that took up work on a ticket that had been resolved or closed."""
    phases = log[log["kind"].isin([*WORK, "resolved", "closed"])]
    before = phases.groupby("ticket")["kind"].shift()
    return phases[phases["kind"].isin(WORK) & before.isin(["resolved", "closed"])]


@pytest.fixture(scope="module")
def tickets(log: pd.DataFrame, reopenings: pd.DataFrame) -> pd.DataFrame:
    """One row per ticket: its times, and its clocks in business minutes as of the night."""
    times = log.groupby("ticket")["at"].agg(opened="min")
    for kind in ("responded", "assigned", "resolved", "closed"):
        of_kind = log[log["kind"] == kind].groupby("ticket")["at"]
        times[kind] = of_kind.max() if kind in ("resolved", "closed") else of_kind.min()
    times["answered"] = times["responded"].fillna(times["assigned"])
    over, again = times[["resolved", "closed"]].max(axis=1), reopenings.groupby("ticket")["at"].max()
    times["is_resolved"] = over.notna() & (over >= times.assign(again=again)["again"].fillna(times["opened"]))
    times["solved"] = times["resolved"].fillna(times["closed"]).where(times["is_resolved"])
    stop = times["solved"].fillna(NIGHT)
    waits = log.assign(until=log.groupby("ticket")["at"].shift(-1), stop=log["ticket"].map(stop))
    waits = waits[waits["kind"] == "waiting"]
    until = waits["until"].fillna(waits["stop"]).clip(upper=waits["stop"])
    paused = (business_clock(until) - business_clock(waits["at"])).clip(lower=0).groupby(waits["ticket"]).sum()
    times["solving"] = (
        business_clock(stop) - business_clock(times["opened"]) - paused.reindex(times.index, fill_value=0)
    )
    response_stop = times["answered"].fillna(times["resolved"]).fillna(times["closed"]).fillna(NIGHT)
    times["answering"] = business_clock(response_stop) - business_clock(times["opened"])
    return times


def business_clock(moments: pd.Series[Any]) -> pd.Series[Any]:
    """Minutes the office had been open until each moment, since 2010."""
    days = pd.read_csv(PROJECT / "dbt_project/seeds/service/business_holidays.csv").query("calendar == 'office'")
    closed = days["holiday"].to_numpy(dtype="datetime64[D]")
    local = moments.dt.tz_localize("UTC").dt.tz_convert("Europe/Berlin").dt.tz_localize(None)
    dates = local.dt.normalize().to_numpy(dtype="datetime64[D]")
    before = np.busday_count(np.datetime64("2010-01-01"), dates, holidays=closed)
    minute = ((local - local.dt.normalize()).dt.total_seconds() / 60 - OPENS).clip(0, CLOSES - OPENS)
    today = np.where(np.is_busday(dates, holidays=closed), minute, 0)
    return pd.Series(before * (CLOSES - OPENS) + today, index=moments.index)


def test_handoffs_and_reopenings_are_those_of_the_log(
    company: Company, log: pd.DataFrame, reopenings: pd.DataFrame
) -> None:
    before = log.groupby("ticket")["who"].shift()
    handoffs = int((before.notna() & (before != log["who"])).sum())
    found = query(
        company,
        "select sum(handoff_count), sum(reopen_count), count(case when is_reopened then 1 end) from marts.fct_tickets",
    )
    assert found == [(handoffs, len(reopenings), reopenings["ticket"].nunique())] == [(8648, 161, 152)]


def test_service_levels_are_those_of_the_log_in_business_minutes_without_the_waits(
    company: Company, tickets: pd.DataFrame
) -> None:
    columns = ["ticket_id", "is_resolved", "resolution_clock_minutes", "first_response_clock_minutes"]
    rows = query(company, f"select {', '.join(columns)}, resolution_state, first_response_state from marts.fct_tickets")
    found = pd.DataFrame(rows, columns=[*columns, "resolution_state", "first_response_state"]).set_index("ticket_id")
    found = found.loc[tickets.index]
    assert found["is_resolved"].tolist() == tickets["is_resolved"].tolist()
    assert found["resolution_clock_minutes"].to_numpy() == pytest.approx(tickets["solving"].to_numpy(), abs=1e-3)
    assert found["first_response_clock_minutes"].to_numpy() == pytest.approx(tickets["answering"].to_numpy(), abs=1e-3)
    late = tickets["solving"] > SOLVE
    assert (found["resolution_state"] == "breached").tolist() == late.tolist()
    unanswered = tickets["answered"].isna() & tickets["resolved"].isna() & tickets["closed"].notna()
    slow = (tickets["answering"] > ANSWER) | unanswered
    assert (found["first_response_state"] == "breached").tolist() == slow.tolist()
    assert 0.2 < late.mean() < 0.8 and 0.2 < slow.mean() < 0.8


def test_shares_within_target_count_what_ended_in_the_window_and_what_is_overdue(
    company: Company, tickets: pd.DataFrame
) -> None:
    ended = tickets["solved"] >= NIGHT - pd.Timedelta(days=90)
    overdue = tickets["solved"].isna() & (tickets["solving"] > SOLVE)
    expected = (int((ended | overdue).sum()), int((ended & (tickets["solving"] <= SOLVE)).sum()), int(overdue.sum()))
    found = query(
        company,
        """
        select ticket_count, met_count, open_breached_count from marts.sla_performance
        where sla_metric = 'resolution' and dimension = 'overall' and window_days = 90
        """,
    )
    assert found == [expected]
    assert expected[0] > 30


def test_a_log_without_a_complaint_column_has_no_complaints(company: Company) -> None:
    assert query(company, "select count(*) from marts.fct_complaints") == [(0,)]
    assert query(company, "select count(*) from marts.fct_tickets where is_complaint") == [(0,)]
