"""Splits a text into clauses, so that a text with praise and complaint can be scored part by part."""

from __future__ import annotations

import re
from functools import lru_cache

from ml.texts.vocabulary import Vocabulary


def clauses_of(text: str, vocabulary: Vocabulary) -> list[str]:
    """The clauses of a text. A clause ends at a mark and before a word of kind `contrast` or `link` ("but", "and")."""
    parts = _separator(*vocabulary.separating_words).split(text)
    return [clause for clause in (part.strip(" \t\"'()") for part in parts) if clause]


@lru_cache(maxsize=4)
def _separator(english: frozenset[str], chinese: frozenset[str]) -> re.Pattern[str]:
    """Marks, except a point or comma inside a number, and the given words."""
    joined = [
        r"[!?;。！？；，、\n]+",  # noqa: RUF001
        r"[.,:](?!\d)",
        rf"(?<![\w'])(?:{'|'.join(map(re.escape, sorted(english)))})(?![\w'])",
        rf"(?<![不])(?:{'|'.join(map(re.escape, sorted(chinese, key=lambda one: (-len(one), one))))})",
    ]
    return re.compile("|".join(joined), re.IGNORECASE)
