"""Aspects of a text: the clauses that name an aspect, each scored by itself."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ml.use_cases.text.clauses import clauses_of
from ml.use_cases.text.lexicon import found_in, parts_of
from ml.use_cases.text.seeds import aspect_terms
from ml.use_cases.text.sentiment import Sentiment, said


def clauses_by_aspect(text: str) -> dict[str, list[str]]:
    """The clauses that name each aspect; a clause may name several, and one that names none is left out."""
    terms = aspect_terms()
    found: dict[str, list[str]] = {}
    for clause in clauses_of(text):
        named = {aspect for _, _, aspect in found_in(parts_of(clause), terms) if aspect}
        for aspect in sorted(named):
            found.setdefault(aspect, []).append(clause)
    return found


def score_aspects(texts: Iterable[tuple[str, str]], sentiment: Sentiment) -> pd.DataFrame:
    """Rows (text_hash, aspect_code) of texts given as (text_hash, text): the mean over the aspect's clauses."""
    rows = [
        (text_hash, aspect, clause)
        for text_hash, text in texts
        for aspect, clauses in clauses_by_aspect(text).items()
        for clause in clauses
    ]
    said_of = pd.DataFrame(rows, columns=["text_hash", "aspect_code", "clause"])
    if said_of.empty:
        empty = pd.DataFrame(columns=["text_hash", "aspect_code", "clause_count"])
        return pd.concat([empty, said(np.empty((0, 5)))], axis=1)
    different = sorted(set(said_of["clause"]))
    place = {clause: number for number, clause in enumerate(different)}
    probabilities = sentiment.probabilities(different)[[place[clause] for clause in said_of["clause"]]]
    keyed = said_of[["text_hash", "aspect_code"]].join(pd.DataFrame(probabilities))
    grouped = keyed.groupby(["text_hash", "aspect_code"], sort=True)
    found = grouped.size().rename("clause_count").reset_index()
    return pd.concat([found, said(grouped.mean().to_numpy())], axis=1)
