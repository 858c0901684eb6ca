"""Reads the texts of a night from the lake."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ml.lake import connect, partition, relation
from warehouse.core.settings import Settings

TABLE = "customer_texts"
COLUMNS = (
    *("text_id", "as_of", "source", "source_id", "customer_key", "occurred_at", "text", "text_hash", "own_score"),
    "known_names",
)


def read_texts(settings: Settings, as_of: date) -> pd.DataFrame:
    """The texts of the night with `COLUMNS`, ordered by text_id; no rows if the company has no texts."""
    file = partition(settings.features / TABLE, as_of)
    if not file.exists():
        nothing = pd.DataFrame(columns=list(COLUMNS), dtype=object)
        return nothing.astype({"occurred_at": "datetime64[us]"})
    with connect() as connection:
        return connection.execute(f"select * from {relation([file])} order by text_id").df()
