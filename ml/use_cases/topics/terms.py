"""The terms of a clause: its words and pairs of neighbouring words without stop words, in English and Chinese."""

from __future__ import annotations

import re
from itertools import pairwise

import rjieba
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from ml.texts.lexicon import language_of
from ml.texts.vocabulary import Vocabulary

_WORD = re.compile(r"[a-z][a-z']+")
_CHINESE_RUN = re.compile(r"[\u3400-\u9fff]+")
#: Addresses, handles, HTML entities and numbers.
_IGNORED = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+|&\w+;|\d+")


def terms_of(clause: str, stop_words: frozenset[str]) -> list[str]:
    """Words of at least two letters that are no stop words, then each pair of neighbours among them."""
    text = _IGNORED.sub(" ", clause.lower().replace("’", "'"))  # noqa: RUF001
    is_chinese = language_of(clause) == "zh"
    words = _chinese_words(text) if is_chinese else _WORD.findall(text)
    kept = [word for word in words if len(word) > 1 and word not in stop_words]
    joint = "" if is_chinese else " "
    return kept + [joint.join(pair) for pair in pairwise(kept)]


def _chinese_words(text: str) -> list[str]:
    return [word for run in _CHINESE_RUN.findall(text) for word in rjieba.cut(run)]


def stop_words_of(vocabulary: Vocabulary) -> frozenset[str]:
    """The English stop words of scikit-learn and those of the seed `topic_stop_words`."""
    return frozenset(ENGLISH_STOP_WORDS | vocabulary.topic_stop_words)
