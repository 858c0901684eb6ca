"""Words and thresholds for reading texts, from the seeds of `dbt_project/seeds/text/`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import pandas as pd

from ml.lake import read_seed, read_thresholds
from ml.texts.lexicon import Spellings
from warehouse.core.errors import ModelError
from warehouse.core.settings import Settings

Meaning = TypeVar("Meaning")


@dataclass(frozen=True)
class Word:
    """A row of `sentiment_words`: its kind (word, negator, intensifier, contrast or link) and its value."""

    kind: str
    value: float


@dataclass(frozen=True)
class Vocabulary:
    """What the text seeds hold. `version` changes when a seed changes that decides how a text is scored."""

    sentiment_words: Spellings[Word]
    aspect_terms: Spellings[str]
    topic_stop_words: frozenset[str]
    thresholds: dict[str, float]
    version: str

    @cached_property
    def separating_words(self) -> tuple[frozenset[str], frozenset[str]]:
        """English and Chinese words at which a new clause begins."""
        english, chinese = (
            frozenset(spelling for spelling, word in words.items() if word.kind in ("contrast", "link"))
            for words in (self.sentiment_words.english, self.sentiment_words.chinese)
        )
        return english, chinese


def read_vocabulary(settings: Settings) -> Vocabulary:
    """The text seeds, with the company's own lines.

    Raises:
        ModelError: if a seed is missing or has no rows.
    """
    words, terms, stop_words = (
        _rows(settings, seed) for seed in ("sentiment_words", "text_aspect_terms", "topic_stop_words")
    )
    thresholds = read_thresholds(settings, "text_thresholds")
    return Vocabulary(
        sentiment_words=_spellings(words, lambda row: Word(str(row["kind"]), float(row["value"]))),
        aspect_terms=_spellings(terms, lambda row: str(row["aspect_code"])),
        topic_stop_words=frozenset(stop_words["spelling"]),
        thresholds=thresholds,
        version=_digest(words, terms, thresholds),
    )


def _rows(settings: Settings, seed: str) -> pd.DataFrame:
    found = read_seed(settings, seed)
    if found.empty:
        raise ModelError(f"{settings.seeds / seed}.parquet: expected at least one row, found none")
    return found


def _spellings(rows: pd.DataFrame, meaning_of: Callable[[pd.Series], Meaning]) -> Spellings[Meaning]:
    by_language: dict[str, dict[str, Meaning]] = {"en": {}, "zh": {}}
    for _, row in rows.iterrows():
        by_language[row["language"]][row["spelling"].lower()] = meaning_of(row)
    return Spellings(by_language["en"], by_language["zh"])


def _digest(words: pd.DataFrame, terms: pd.DataFrame, thresholds: dict[str, float]) -> str:
    """Digest of everything in the seeds that decides the score of a text; the order of rows does not matter."""
    scoring = (
        sorted(words[["language", "kind", "spelling", "value"]].itertuples(index=False, name=None)),
        sorted(terms[["aspect_code", "language", "spelling"]].itertuples(index=False, name=None)),
        sorted(thresholds.items()),
    )
    return hashlib.md5(repr(scoring).encode(), usedforsecurity=False).hexdigest()[:12]
