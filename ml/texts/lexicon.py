"""Finds known spellings in a text; the longest match at each place counts.

English is matched word by word. Chinese has no spaces, so it is matched letter by letter (forward maximum matching).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Meaning = TypeVar("Meaning")

#: A word with its inner apostrophes, one Chinese letter, or a punctuation mark that ends a clause.
_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)*|[\u3400-\u9fff]|[.!?;。！？；,，\n]")  # noqa: RUF001
_CHINESE = re.compile(r"[\u3400-\u9fff]")
MARKS = frozenset(".!?;。！？；,，\n")  # noqa: RUF001


@dataclass(frozen=True)
class Spellings(Generic[Meaning]):
    """Meanings by spelling, for each language. English spellings are lower-case words joined by single spaces."""

    english: dict[str, Meaning]
    chinese: dict[str, Meaning]

    @property
    def most_words(self) -> int:
        """Number of words of the longest English spelling."""
        return max((spelling.count(" ") + 1 for spelling in self.english), default=1)

    @property
    def most_letters(self) -> int:
        """Number of letters of the longest Chinese spelling."""
        return max(map(len, self.chinese), default=1)


def tokens_of(text: str) -> list[str]:
    """Words, Chinese letters and marks of a text, in lower case."""
    return _TOKEN.findall(text.lower().replace("’", "'"))  # noqa: RUF001


def language_of(text: str) -> str:
    """`zh` if the text has a Chinese letter, else `en`."""
    return "zh" if _CHINESE.search(text) else "en"


def matches_in(tokens: list[str], spellings: Spellings[Meaning]) -> Iterator[tuple[int, str, Meaning | None]]:
    """Yield (position, spelling, meaning) of every match, and of every mark (meaning None), in order of position."""
    words, letters = spellings.most_words, spellings.most_letters
    position, end = 0, len(tokens)
    while position < end:
        token = tokens[position]
        if token in MARKS:
            yield position, token, None
            position += 1
            continue
        is_chinese = token[0] >= "\u3400"
        known, joint = (spellings.chinese, "") if is_chinese else (spellings.english, " ")
        for length in range(min(letters if is_chinese else words, end - position), 0, -1):
            spelling = token if length == 1 else joint.join(tokens[position : position + length])
            meaning = known.get(spelling)
            if meaning is not None:
                yield position, spelling, meaning
                position += length
                break
        else:
            position += 1
