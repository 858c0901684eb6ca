"""The terms of a clause: words and pairs of words that say what it is about, in English and in Chinese."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

import rjieba
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from ml.use_cases.text.lexicon import language_of
from ml.use_cases.text.seeds import rows

_WORD = re.compile(r"[a-z][a-z']+")
_CHINESE_RUN = re.compile(r"[\u3400-\u9fff]+")
_UNSEEN = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+|&\w+;|\d+")


def terms_of(clause: str) -> list[str]:
    """The words of a clause that mean something, and each two that follow each other."""
    text = _UNSEEN.sub(" ", clause.lower().replace("’", "'"))  # noqa: RUF001
    is_chinese = language_of(clause) == "zh"
    words = _chinese_words(text) if is_chinese else _WORD.findall(text)
    kept = [word for word in words if len(word) > 1 and word not in stop_words()]
    joint = "" if is_chinese else " "
    return kept + [joint.join(pair) for pair in pairwise(kept)]


def _chinese_words(text: str) -> list[str]:
    return [word for run in _CHINESE_RUN.findall(text) for word in rjieba.cut(run)]


@cache
def stop_words() -> frozenset[str]:
    """Words that say nothing about a topic: those of scikit-learn and of the seed stop_words."""
    return frozenset({*ENGLISH_STOP_WORDS, *(row["spelling"] for row in rows("topic_stop_words"))})
