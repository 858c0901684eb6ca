"""Removes personal data from texts that are quoted."""

from __future__ import annotations

import re
from collections.abc import Iterable

import rjieba

LONGEST_QUOTE = 200

_PATTERNS = (
    (re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE), "[link]"),
    (re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"(?<![\w])@\w+"), "[name]"),
    (re.compile(r"(?<![\w])\+?\(?\d[\d\s()./-]{5,}\d"), "[number]"),
    (re.compile(r"(?<![A-Za-z])(?=[A-Za-z-]*\d)[A-Za-z-]+[\dA-Za-z-]*\d[\dA-Za-z-]*"), "[number]"),
    (re.compile(r"\d{4,}"), "[number]"),
    (re.compile(r"[一二三四五六七八九零〇幺]{5,}"), "[number]"),
)
_TITLED = re.compile(
    r"\b((?i:mr|mrs|ms|miss|dr|prof|herr|frau|madam|sir|my name is|i am called|this is|agent|called|named|dear|regards)"
    r",?\.?)"
    r"\s+[A-Z][\w'-]+(?:\s+[A-Z][\w'-]+)*"
)
_CHINESE_TITLED = re.compile(r"[\u4e00-\u9fff]{1,2}(?=(?:先生|女士|小姐|经理|师傅|老师|主管))")
_CHINESE_SELF = re.compile(r"(我叫|我是|名叫|姓名[::是]?)\s*[\u4e00-\u9fff]{2,3}(?=[,,。.!!;;\s]|$)")
_CAPITALISED = re.compile(r"(?<=[a-z,;:] )[A-Z][a-z'-]+(?:\s+[A-Z][a-z'-]+)*")


def redact(text: str, known_names: str = "", common: frozenset[str] = frozenset()) -> str:
    """The text with addresses, numbers, handles and names replaced, cut to `LONGEST_QUOTE` letters.

    Args:
        text: the text to quote.
        known_names: names of the customer and the employee, joined by `|`.
        common: words that other texts have in lower case. In an English sentence, a capitalised word that is not among
            them counts as a name; in Chinese, a word that jieba tags as a person's name.
    """
    for pattern, mark in _PATTERNS:
        text = pattern.sub(mark, text)
    for name in _parts(known_names.split("|")):
        text = re.sub(re.escape(name), "[name]", text, flags=re.IGNORECASE)
    text = _TITLED.sub(r"\1 [name]", text)
    text = _CHINESE_SELF.sub(r"\1[name]", text)
    text = _CHINESE_TITLED.sub("[name]", text)
    text = _CAPITALISED.sub(lambda found: found.group() if _is_common(found.group(), common) else "[name]", text)
    text = _without_chinese_names(text)
    text = re.sub(r"(\[name\]\s*)+", "[name] ", text).strip()
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rstrip() + "…"


def _parts(names: Iterable[str]) -> list[str]:
    """The names, and each word of names of several words; longest first."""
    whole = [name.strip() for name in names if len(name.strip()) > 1]
    words = [word for name in whole for word in name.split() if len(word) > 2]
    return sorted({*whole, *words}, key=lambda name: (-len(name), name))


def _is_common(words: str, common: frozenset[str]) -> bool:
    return all(word.lower() in common or word == "I" for word in words.split())


def _without_chinese_names(text: str) -> str:
    if not re.search(r"[\u4e00-\u9fff]", text):
        return text
    return "".join("[name]" if tag == "nr" and len(word) > 1 else word for word, tag in rjieba.tag(text))
