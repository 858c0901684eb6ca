"""Words and thresholds for reading texts, from the seeds of `dbt_project/seeds/text/`."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ml.texts.lexicon import Spellings
from warehouse.core.errors import ModelError
from warehouse.core.settings import PROJECT, Settings

#: The seeds that decide how a text is scored.
_SCORING_SEEDS = ("sentiment_words", "text_aspect_terms", "text_thresholds")


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
    """The text seeds.

    Raises:
        ModelError: if a seed has no rows.
    """
    words, terms, thresholds = (_rows(settings, seed) for seed in _SCORING_SEEDS)
    return Vocabulary(
        sentiment_words=Spellings(
            *(
                {row["spelling"].lower(): Word(row["kind"], float(row["value"])) for row in _spoken(words, language)}
                for language in ("en", "zh")
            )
        ),
        aspect_terms=Spellings(
            *(
                {row["spelling"].lower(): row["aspect_code"] for row in _spoken(terms, language)}
                for language in ("en", "zh")
            )
        ),
        topic_stop_words=frozenset(row["spelling"] for row in _rows(settings, "topic_stop_words")),
        thresholds={row["name"]: float(row["value"]) for row in thresholds},
        version=_fingerprint(),
    )


def _spoken(rows: Iterable[dict[str, str]], language: str) -> list[dict[str, str]]:
    return [row for row in rows if row["language"] == language]


def _rows(_: Settings, seed: str) -> list[dict[str, str]]:
    file = PROJECT / "dbt_project" / "seeds" / "text" / f"{seed}.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        found = list(csv.DictReader(lines))
    if not found:
        raise ModelError(f"{file}: expected at least one row, found none")
    return found


def _fingerprint() -> str:
    digest = hashlib.md5(usedforsecurity=False)
    for file in sorted((PROJECT / "dbt_project" / "seeds" / "text").glob("*.csv")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
