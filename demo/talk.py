"""Talk episodes: a keyword appears in comments, posts and tickets for some days."""

from __future__ import annotations

import numpy as np

from demo import episodes
from demo.contracts import ACTIVE
from demo.day import Day
from demo.episodes import DATA_LEAK, OVERCHARGED, TALK, Episode
from demo.typing import Array, Texts

_POSTING_SHARE = 0.01
_COMMENTING_SHARE = 0.5


def overcharge(day: Day) -> None:
    """A wrong bill run: some of those with a contract complain about their bill."""
    if episodes.where(day, OVERCHARGED):
        random = day.random("overcharged")
        drawn = random.random(day.state.size)
        who = np.flatnonzero((day.state.people["contract"] == ACTIVE) & (drawn < OVERCHARGED.size))
        day.move(who, day.effects.overcharged)
        day.reasons.append((who, "overcharged"))


def of_today(day: Day) -> Episode | None:
    """The talk episode that runs today."""
    return next((episode for episode in (OVERCHARGED, DATA_LEAK) if episodes.where(day, episode)), None)


def posting_share(day: Day) -> float:
    """Share of customers who post about the running talk episode today."""
    return _POSTING_SHARE if of_today(day) else 0.0


def add_talk(day: Day, random: np.random.Generator, written: Texts, language: Array, everyone: bool = False) -> Texts:
    """Prepend the running episode's phrase to some or all of these texts."""
    episode = of_today(day)
    if episode is None:
        return written
    talking = random.random(written.size) < (1.0 if everyone else _COMMENTING_SHARE)
    words: Texts = np.array(TALK[episode], dtype=object)[language[talking].astype(int)]
    stop = np.array([". ", "。"], dtype=object)[language[talking].astype(int)]
    said = written.copy()
    said[talking] = words + stop + written[talking]
    return said
