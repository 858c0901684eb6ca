"""Sentiment by aspect: the clauses that name an aspect are scored apart from the rest of the text."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ml.texts.clauses import clauses_of
from ml.texts.lexicon import matches_in, tokens_of
from ml.texts.vocabulary import Vocabulary
from ml.use_cases.text.sentiment import Sentiment, predicted


def clauses_by_aspect(text: str, vocabulary: Vocabulary) -> dict[str, list[str]]:
    """The clauses that name each aspect. A clause may name several aspects; clauses that name none are left out."""
    found: dict[str, list[str]] = {}
    for clause in clauses_of(text, vocabulary):
        named = {aspect for _, _, aspect in matches_in(tokens_of(clause), vocabulary.aspect_terms) if aspect}
        for aspect in sorted(named):
            found.setdefault(aspect, []).append(clause)
    return found


def score_aspects(texts: Iterable[tuple[str, str]], sentiment: Sentiment, vocabulary: Vocabulary) -> pd.DataFrame:
    """One row per text and aspect, with the mean probabilities of the aspect's clauses.

    Args:
        texts: pairs of text_hash and text.

    Returns:
        text_hash, aspect_code, clause_count and the columns of `predicted`.
    """
    rows = [
        (text_hash, aspect, clause)
        for text_hash, text in texts
        for aspect, clauses in clauses_by_aspect(text, vocabulary).items()
        for clause in clauses
    ]
    mentions = pd.DataFrame(rows, columns=["text_hash", "aspect_code", "clause"])
    if mentions.empty:
        empty = pd.DataFrame(columns=["text_hash", "aspect_code", "clause_count"])
        return pd.concat([empty, predicted(np.empty((0, 5)))], axis=1)
    distinct = sorted(set(mentions["clause"]))
    position = {clause: number for number, clause in enumerate(distinct)}
    probabilities = sentiment.probabilities(distinct)[[position[clause] for clause in mentions["clause"]]]
    keyed = mentions[["text_hash", "aspect_code"]].join(pd.DataFrame(probabilities))
    grouped = keyed.groupby(["text_hash", "aspect_code"], sort=True)
    counts = grouped.size().rename("clause_count").reset_index()
    return pd.concat([counts, predicted(grouped.mean().to_numpy())], axis=1)
