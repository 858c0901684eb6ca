"""Clauses: what is said in one breath, so that a mixed text can be scored part by part."""

from __future__ import annotations

import re
from functools import cache

from ml.use_cases.text.seeds import sentiment_words


def clauses_of(text: str) -> list[str]:
    """The clauses of a text: between marks, and at "but", "and" and their like."""
    return [clause for clause in (part.strip(" \t\"'()") for part in _separator().split(text)) if clause]


@cache
def _separator() -> re.Pattern[str]:
    """Marks (not the point or comma within a number), and the words of kind contrast or link."""
    words = sentiment_words()
    english = [spelling for spelling, word in words.english.items() if word.kind in ("contrast", "link")]
    chinese = [spelling for spelling, word in words.chinese.items() if word.kind in ("contrast", "link")]
    joined = [
        r"[!?;。！？；，、\n]+",  # noqa: RUF001
        r"[.,:](?!\d)",
        rf"(?<![\w'])(?:{'|'.join(map(re.escape, sorted(english)))})(?![\w'])",
        rf"(?<![不])(?:{'|'.join(map(re.escape, sorted(chinese, key=lambda one: (-len(one), one))))})",
    ]
    return re.compile("|".join(joined), re.IGNORECASE)
