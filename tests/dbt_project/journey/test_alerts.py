"""Alerts equal those from a direct daily count of the landed rows."""

from __future__ import annotations

from datetime import date, timedelta
from math import sqrt

import pytest

from tests.dbt_project.journey.company import NIGHT, Company
from tests.dbt_project.journey.conftest import Read

QUIET, SHOWN = 3, 7


def negative_days(company: Company) -> list[date]:
    """Days of complaints and of negative answers, one entry each."""
    bad = [row for row in company.responses if row.get("csat", 5) <= 2 or row.get("nps", 10) <= 6]
    complaints = [row["opened_at"].date() for row in company.tickets if row["is_complaint"]]
    return [row["responded_at"].date() for row in bad] + complaints


def raised(days: list[date]) -> list[date]:
    """Days on which the weekly count is above 1.2 times the usual count, at least 10, and statistically high."""
    first, found = min(days), []
    for day in (first + timedelta(days=offset) for offset in range((NIGHT - first).days)):
        week = sum(day - timedelta(days=7) < one <= day for one in days)
        before = sum(day - timedelta(days=63) < one <= day - timedelta(days=7) for one in days)
        usual = before / 8
        has_baseline = day - timedelta(days=63) >= first - timedelta(days=1)
        if has_baseline and week >= 10 and week > usual + 1.96 * sqrt(usual) and week > 1.2 * usual:
            found.append(day)
    return found


def episodes(days: list[date]) -> list[tuple[date, date]]:
    """First and last day of every alert: a pause of fewer than `QUIET` days does not end it."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and (day - found[-1][1]).days <= QUIET:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def test_episodes_of_negative_feedback_equal_a_direct_count(company: Company, read: Read) -> None:
    found = read(
        "select first_seen, last_seen from intermediate.int_alerts__episodes "
        "where rule_code = 'negative_volume' order by first_seen"
    )
    published = [(row.first_seen.date(), row.last_seen.date()) for row in found.itertuples()]
    assert published == episodes(raised(negative_days(company)))
    assert len(published) > 1


def test_only_open_and_recently_closed_episodes_are_published(read: Read) -> None:
    found = read("select * from intermediate.int_alerts__episodes")
    silent = (NIGHT - timedelta(days=1)) - found["last_seen"].dt.date
    shown = found[[days.days < QUIET + SHOWN for days in silent]]
    assert read("select count(*) as alerts from marts.alerts")["alerts"][0] == len(shown) > 0
    states = read("select state, last_seen, first_seen, closed_on, days_open from marts.alerts")
    for row in states.itertuples():
        is_closed = (NIGHT - timedelta(days=1) - row.last_seen.date()).days >= QUIET
        assert (row.state == "closed") == is_closed
        last = row.closed_on.date() if is_closed else NIGHT - timedelta(days=1)
        assert row.days_open == (last - row.first_seen.date()).days + 1


def test_an_nps_alert_has_the_nps_of_its_window_and_an_owner(company: Company, read: Read) -> None:
    last = NIGHT - timedelta(days=1)
    scores = [
        100 if row["nps"] >= 9 else -100 if row["nps"] <= 6 else 0
        for row in company.responses
        if "nps" in row and last - timedelta(days=28) < row["responded_at"].date() <= last
    ]
    assert len(scores) < 30  # too few answers in four weeks, so there is no company-wide alert
    assert read(
        "select * from marts.alerts where rule_code = 'nps_under_benchmark' and last_seen = date '2026-10-31'"
    ).empty
    regions = {row["customer_id"]: row["region"] for row in company.customers}
    found = read(
        "select * from marts.alerts where rule_code = 'nps_under_benchmark_region' and last_seen = date '2026-10-31'"
    )
    assert not found.empty
    for row in found.itertuples():
        values = [
            100 if answer["nps"] >= 9 else -100 if answer["nps"] <= 6 else 0
            for answer in company.responses
            if "nps" in answer
            and regions[answer["customer_id"]] == row.dimension_value
            and last - timedelta(days=90) < answer["responded_at"].date() <= last
        ]
        assert row.case_count == len(values)
        assert row.value == pytest.approx(sum(values) / len(values), abs=1e-5)
        assert row.value < row.threshold == 30
        lead = next((one["employee_id"] for one in company.employees if one["region"] == row.dimension_value), "e0")
        assert row.owner_id == lead
        assert row.dimension_value in row.message_en and row.dimension_value in row.message_zh
