"""Texts of a night from the lake, and the scored comments that a model of the company learns from."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from ml.lake import connect, nights, partition, relation
from ml.use_cases.text.seeds import thresholds
from warehouse.core.settings import Settings

TABLE = "customer_texts"
COLUMNS = (
    *("text_id", "as_of", "source", "source_id", "customer_key", "occurred_at", "text", "text_hash", "own_score"),
    "known_names",
)


def read_texts(settings: Settings, as_of: date) -> pd.DataFrame:
    """Every text of the night, by id; without a row where the company has none."""
    file = partition(settings.features / TABLE, as_of)
    if not file.exists():
        nothing = pd.DataFrame(columns=list(COLUMNS), dtype=object)
        return nothing.astype({"occurred_at": "datetime64[us]"})
    with connect() as connection:
        return connection.execute(f"select * from {relation([file])} order by text_id").df()


def scored_comments(texts: pd.DataFrame) -> pd.DataFrame:
    """Comments that came with a score, oldest first; scores that too few gave are left out."""
    own = texts.dropna(subset=["own_score"]).sort_values(["occurred_at", "text_id"], ignore_index=True)
    own = own.assign(own_score=own["own_score"].astype(np.int64))
    counts = own["own_score"].value_counts()
    enough = counts.index[counts >= thresholds()["fewest_of_a_score"]]
    return own[own["own_score"].isin(enough)].reset_index(drop=True)


def fingerprint(comments: pd.DataFrame) -> str:
    """md5 of the texts and scores learned from."""
    lines = "\n".join(f"{row.text_id} {row.text_hash} {row.own_score}" for row in comments.itertuples())
    return hashlib.md5(lines.encode(), usedforsecurity=False).hexdigest()


def last_night(table: Path, as_of: date) -> Path | None:
    """The file of the latest night before `as_of` of a score table, or None."""
    earlier = [night for night in nights(table) if night < as_of]
    return partition(table, earlier[-1]) if earlier else None
