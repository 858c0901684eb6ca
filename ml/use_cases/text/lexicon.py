"""What a text says by the words of a seed: the longest spelling counts, in English and in Chinese.

English is read word by word; Chinese has no spaces, so it is read letter by letter (forward maximum matching).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeVar

from ml.use_cases.text.seeds import Spellings

Meaning = TypeVar("Meaning")

#: A word with its inner apostrophes, one Chinese letter, or a mark that ends what is said.
_PART = re.compile(r"[a-z0-9]+(?:'[a-z]+)*|[\u3400-\u9fff]|[.!?;。！？；,，\n]")  # noqa: RUF001
_CHINESE = re.compile(r"[\u3400-\u9fff]")
STOP = frozenset(".!?;。！？；,，\n")  # noqa: RUF001


def parts_of(text: str) -> list[str]:
    """Words, Chinese letters and marks, in lower case."""
    return _PART.findall(text.lower().replace("’", "'"))  # noqa: RUF001


def language_of(text: str) -> str:
    """`zh` where it has Chinese letters, else `en`."""
    return "zh" if _CHINESE.search(text) else "en"


def found_in(parts: list[str], spellings: Spellings[Meaning]) -> Iterator[tuple[int, str, Meaning | None]]:
    """(place, spelling, meaning) of every known spelling, the longest at each place, and of the marks (no meaning)."""
    words, letters = spellings.most_words, spellings.most_letters
    place, end = 0, len(parts)
    while place < end:
        part = parts[place]
        if part in STOP:
            yield place, part, None
            place += 1
            continue
        chinese = part[0] >= "\u3400"
        known, joint = (spellings.chinese, "") if chinese else (spellings.english, " ")
        for length in range(min(letters if chinese else words, end - place), 0, -1):
            spelling = part if length == 1 else joint.join(parts[place : place + length])
            meaning = known.get(spelling)
            if meaning is not None:
                yield place, spelling, meaning
                place += length
                break
        else:
            place += 1
