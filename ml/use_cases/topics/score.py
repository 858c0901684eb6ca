"""The night's topics: found in the latest texts, matched to earlier nights, and held against their usual volume."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from ml.lake import connect, partition, relation
from ml.registry import Registry
from ml.use_case import Scored
from ml.use_cases.text.features import last_night, read_texts
from ml.use_cases.text.seeds import thresholds
from ml.use_cases.text.tables import TEXT_SENTIMENT
from ml.use_cases.topics.find import find_topics
from ml.use_cases.topics.identity import from_frame, remember, to_frame
from ml.use_cases.topics.readout import readout
from ml.use_cases.topics.tables import HOT_TOPICS, TOPIC_TERMS
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings


def score(settings: Settings, _: Registry, as_of: date) -> Scored:
    """Write `hot_topics` and `topic_terms` of the night; empty where nobody wrote anything."""
    texts = _history(read_texts(settings, as_of), as_of)
    memory = last_night(settings.scores / TOPIC_TERMS.name, as_of)
    remembered = from_frame(pd.read_parquet(memory)) if memory else []
    found = find_topics(texts, remembered, as_of)
    texts = texts.merge(_feelings(settings, as_of), on="text_id", how="left")
    rows = readout(texts, found, _values(settings, as_of), as_of)
    kept = remember(found.topics, remembered, as_of, int(thresholds()["topic_memory_days"]))
    counts = [
        TableCount(HOT_TOPICS.name, len(texts), HOT_TOPICS.write(settings.scores, as_of, rows)),
        TableCount(TOPIC_TERMS.name, len(kept), TOPIC_TERMS.write(settings.scores, as_of, to_frame(kept))),
    ]
    return counts, [] if len(texts) else ["hot_topics: nobody wrote anything, so there are no topics"]


def _history(texts: pd.DataFrame, as_of: date) -> pd.DataFrame:
    numbers = thresholds()
    longest = max(numbers["topic_discovery_days"], numbers["topic_window_days"] + numbers["topic_history_days"])
    ago = (pd.Timestamp(as_of) - texts["occurred_at"].dt.normalize()).dt.days
    texts = texts.assign(days_ago=ago.astype(np.int64))
    return texts[texts["days_ago"] <= longest].sort_values("text_id", ignore_index=True)


def _feelings(settings: Settings, as_of: date) -> pd.DataFrame:
    file = partition(settings.scores / TEXT_SENTIMENT.name, as_of)
    if not file.exists():
        return pd.DataFrame({"text_id": [], "mean_sentiment": []}).astype({"text_id": object})
    return pd.read_parquet(file, columns=["text_id", "mean_sentiment"])


def _values(settings: Settings, as_of: date) -> pd.Series[float]:
    """Margin lost if a customer leaves, by key; empty where the night has no customer features."""
    file = partition(settings.features / "customer_features", as_of)
    if not file.exists():
        return pd.Series(dtype=np.float64)
    query = f"select customer_key, expected_value_cents from {relation([file])} order by customer_key"
    with connect() as connection:
        found = connection.execute(query).df()
    return pd.Series(found["expected_value_cents"].to_numpy(np.float64), index=found["customer_key"])
