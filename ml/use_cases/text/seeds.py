"""Words that say how a text feels and what it is about, from the seeds of `dbt_project/seeds/text/`."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from warehouse.core.errors import ModelError
from warehouse.core.settings import PROJECT

Meaning = TypeVar("Meaning")

SEEDS = PROJECT / "dbt_project" / "seeds" / "text"


@dataclass(frozen=True)
class Word:
    """A spelling of `sentiment_words.csv`: its kind (word, negator, intensifier, contrast, link) and its value."""

    kind: str
    value: float


@dataclass(frozen=True)
class Spellings(Generic[Meaning]):
    """Meanings by spelling and language; English spellings are words in lower case, one space between them."""

    english: dict[str, Meaning]
    chinese: dict[str, Meaning]

    @property
    def most_words(self) -> int:
        """Words of the longest English spelling."""
        return max((spelling.count(" ") + 1 for spelling in self.english), default=1)

    @property
    def most_letters(self) -> int:
        """Letters of the longest Chinese spelling."""
        return max(map(len, self.chinese), default=1)


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a seed.

    Raises:
        ModelError: where it has none.
    """
    file = SEEDS / f"{name}.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        found = list(csv.DictReader(lines))
    if not found:
        raise ModelError(f"{file}: expected at least one row, found none")
    yield from found


@cache
def sentiment_words() -> Spellings[Word]:
    """Words with a polarity, and those that turn, strengthen or separate them."""
    words: dict[str, dict[str, Word]] = {"en": {}, "zh": {}}
    for row in rows("sentiment_words"):
        words[row["language"]][row["spelling"].lower()] = Word(row["kind"], float(row["value"]))
    return Spellings(words["en"], words["zh"])


@cache
def aspect_terms() -> Spellings[str]:
    """Aspect by the words that name it."""
    terms: dict[str, dict[str, str]] = {"en": {}, "zh": {}}
    for row in rows("text_aspect_terms"):
        terms[row["language"]][row["spelling"].lower()] = row["aspect_code"]
    return Spellings(terms["en"], terms["zh"])


@cache
def fingerprint() -> str:
    """Of all the seeds: what was scored by other words is scored again."""
    digest = hashlib.md5(usedforsecurity=False)
    for file in sorted(SEEDS.glob("*.csv")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@cache
def thresholds() -> dict[str, float]:
    """Numbers of the seed text_thresholds."""
    return {row["name"]: float(row["value"]) for row in rows("text_thresholds")}
