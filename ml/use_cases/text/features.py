"""The scored comments that a company's own sentiment model learns from."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd


def scored_comments(texts: pd.DataFrame, fewest_of_a_score: float) -> pd.DataFrame:
    """Comments that came with a score, oldest first. Scores with fewer than `fewest_of_a_score` comments are dropped.

    `own_score` becomes an integer.
    """
    own = texts.dropna(subset=["own_score"]).sort_values(["occurred_at", "text_id"], ignore_index=True)
    own = own.assign(own_score=own["own_score"].astype(np.int64))
    counts = own["own_score"].value_counts()
    enough = counts.index[counts >= fewest_of_a_score]
    return own[own["own_score"].isin(enough)].reset_index(drop=True)


def fingerprint(comments: pd.DataFrame) -> str:
    """md5 of the texts and scores of the training data."""
    lines = "\n".join(f"{row.text_id} {row.text_hash} {row.own_score}" for row in comments.itertuples())
    return hashlib.md5(lines.encode(), usedforsecurity=False).hexdigest()
