"""The holiday seed holds the public holidays of Germany, and lines for other countries can be made."""

from __future__ import annotations

from warehouse.building.holiday_lines import as_csv, holiday_lines
from warehouse.core.settings import PROJECT

SEED = PROJECT / "dbt_project" / "seeds" / "service" / "business_holidays.csv"


def test_the_seed_holds_the_public_holidays_of_germany_for_both_calendars() -> None:
    years = range(2010, 2031)
    lines = [line for calendar in ("long_days", "office") for line in holiday_lines(calendar, "DE", years)]
    assert SEED.read_text(encoding="utf-8") == as_csv(lines)


def test_a_day_that_was_a_holiday_in_one_year_only_is_in_it() -> None:
    assert [line[1] for line in holiday_lines("office", "DE", range(2016, 2019)) if line[2] == "Reformation Day"] == [
        "2017-10-31"
    ]


def test_regions_have_holidays_of_their_own_and_other_countries_chinese_names() -> None:
    assert len(holiday_lines("office", "DE", range(2026, 2027), "BY")) > len(
        holiday_lines("office", "DE", range(2026, 2027))
    )
    assert ("office", "2026-10-01", "National Day", "国庆节") in holiday_lines("office", "CN", range(2026, 2027))
