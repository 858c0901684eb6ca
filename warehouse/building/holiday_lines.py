"""Lines of the seed `business_holidays`, from the public holidays that the package `holidays` knows.

`make holidays CALENDAR=office COUNTRY=DE YEARS=2010-2030` prints them. A company writes them to `business_holidays.csv`
in its folder of seeds; the project's own lines are those of Germany.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys

#: Chinese names by English name, where `holidays` has none for a country.
CHINESE = {
    "New Year's Day": "元旦",
    "Good Friday": "耶稣受难日",
    "Easter Monday": "复活节星期一",
    "Labor Day": "劳动节",
    "Ascension Day": "耶稣升天节",
    "Pentecost Monday": "圣灵降临节星期一",
    "German Unity Day": "德国统一日",
    "Reformation Day": "宗教改革日",
    "Christmas Day": "圣诞节",
    "Second Day of Christmas": "圣诞节次日",
}
HEADER = ("calendar", "holiday", "name_en", "name_zh")


def holiday_lines(calendar: str, country: str, years: range, region: str | None = None) -> list[tuple[str, ...]]:
    """Lines (calendar, date, English name, Chinese name) of the public holidays of a country, or of one of its regions.

    Raises:
        NotImplementedError: the package does not know the country or region; its message lists what it knows.
    """
    import holidays

    english = holidays.country_holidays(country, subdiv=region, years=years, language="en_US")
    chinese = holidays.country_holidays(country, subdiv=region, years=years, language="zh_CN")
    lines: list[tuple[str, ...]] = []
    for day, name in sorted(english.items()):
        translated = chinese.get(day, "")
        is_chinese = any("\u4e00" <= letter <= "\u9fff" for letter in translated)
        lines.append((calendar, day.isoformat(), name, translated if is_chinese else CHINESE.get(name, name)))
    return lines


def as_csv(lines: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(lines)
    return text.getvalue()


def main() -> None:
    """Print the lines for the command line's calendar, country and years."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("calendar", help="a calendar of the seed business_calendars")
    parser.add_argument("country", help="ISO code such as DE or CN, or country-region such as DE-BY")
    parser.add_argument("years", help="such as 2026 or 2026-2030")
    given = parser.parse_args()
    first, _, last = given.years.partition("-")
    country, _, region = given.country.partition("-")
    lines = holiday_lines(given.calendar, country, range(int(first), int(last or first) + 1), region or None)
    sys.stdout.write(as_csv(lines))


if __name__ == "__main__":
    main()
