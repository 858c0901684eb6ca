"""Events on known dates: a wave of complaints after an outage, talk about one topic, a dip of NPS, a price rise.

The dates are those of the calendar, the same for a company of any size that covers them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from demo.day import Day


@dataclass(frozen=True)
class Episode:
    """An episode of `days` days; it comes every `every` days before and after `first_day`, or once where that is 0.

    `values` of `dimension` take turns, the first on `first_day`, the next one the time before.
    """

    kind: str
    first_day: date
    days: int
    every: int
    dimension: str
    values: tuple[str, ...]
    size: float
    detail: str

    def begin(self, on: date) -> date | None:
        """First day of the episode that runs on a date, if one does."""
        passed = (on - self.first_day).days
        if self.every:
            passed %= self.every
        return on - timedelta(days=passed) if 0 <= passed < self.days else None

    def value(self, begin: date) -> str:
        """Where the episode that begins on a date happens."""
        turn = (self.first_day - begin).days // self.every if self.every else 0
        return self.values[turn % len(self.values)]


OUTAGE_WAVE = Episode(
    "outage_wave", date(2026, 10, 29), 1, 187, "region", ("centre", "south", "hills", "north"), 360,
    "minutes without service; complaints of category outage within two days",
)  # fmt: skip
OVERCHARGED = Episode(
    "overcharged", date(2026, 10, 24), 7, 364, "keyword", ("overcharged|多扣费",), 0.006,
    "share of contract customers a day who open a billing ticket; comments and mentions say the keyword",
)  # fmt: skip
DATA_LEAK = Episode(
    "data_leak", date(2026, 6, 24), 6, 364, "keyword", ("data leak|数据泄露",), 0.01,
    "share a day of those with a handle who post it; comments say it too",
)  # fmt: skip
NPS_DIP = Episode(
    "nps_dip", date(2026, 10, 22), 10, 180, "region", ("north", "hills", "centre", "east"), -1.0,
    "change of the latent score behind NPS",
)  # fmt: skip
PRICE_RISE = Episode(
    "price_rise", date(2026, 8, 3), 1, 0, "plan", ("plus",), 8.0, "percent, for every contract of the plan"
)
EPISODES = (OUTAGE_WAVE, OVERCHARGED, DATA_LEAK, NPS_DIP, PRICE_RISE)
#: Keyword of each talk episode, in English and Chinese.
TALK = {
    OVERCHARGED: ("I was overcharged and want my money back", "多扣费了,要求退款"),
    DATA_LEAK: ("I read about the data leak and my data was leaked", "听说有数据泄露,个人信息泄露"),
}
_PULSE_DAYS = 10
_REGIONS = 8


def where(day: Day, episode: Episode) -> str | None:
    """The region, plan or keyword in which an episode runs today, if it runs."""
    begin = episode.begin(day.date)
    return episode.value(begin) if begin else None


def pulse_region(day: Day) -> int:
    """The region that gets more relationship surveys than usual; it changes every ten days."""
    return (day.date - NPS_DIP.first_day).days // _PULSE_DAYS % _REGIONS


def record(day: Day) -> None:
    """Write to the truth file the episodes that begin today, or are running on the first day."""
    rows: list[tuple[str, ...]] = []
    for episode in EPISODES:
        begin = episode.begin(day.date)
        if begin and (begin == day.date or day.number == 0):
            last = begin + timedelta(days=episode.days - 1)
            told = (episode.kind, begin.isoformat(), last.isoformat(), episode.dimension, episode.value(begin))
            rows.append((*told, f"{episode.size:g}", episode.detail))
    if rows:
        day.truths["episodes"] = rows
