"""Nightly topics: found in the latest texts, matched to earlier nights and compared with their usual volume."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from ml.lake import connect, partition, previous_partition, relation
from ml.registry import Registry
from ml.texts.history import read_texts
from ml.texts.tables import TEXT_SENTIMENT
from ml.texts.vocabulary import read_vocabulary
from ml.use_case import Scored
from ml.use_cases.topics.find import find_topics
from ml.use_cases.topics.identity import from_frame, remember, to_frame
from ml.use_cases.topics.readout import readout
from ml.use_cases.topics.tables import HOT_TOPICS, TOPIC_TERMS
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings


def score(settings: Settings, _: Registry, as_of: date) -> Scored:
    """Write `hot_topics` and `topic_terms` of the night; no rows if there are no texts."""
    vocabulary = read_vocabulary(settings)
    texts = _recent(read_texts(settings, as_of), as_of, vocabulary.thresholds)
    previous = previous_partition(settings.scores / TOPIC_TERMS.name, as_of)
    remembered = from_frame(pd.read_parquet(previous)) if previous else []
    found = find_topics(texts, remembered, as_of, vocabulary)
    texts = texts.merge(_sentiments(settings, as_of), on="text_id", how="left")
    rows = readout(texts, found, _values(settings, as_of), as_of, vocabulary.thresholds)
    kept = remember(found.topics, remembered, as_of, int(vocabulary.thresholds["topic_memory_days"]))
    counts = [
        TableCount(HOT_TOPICS.name, len(texts), HOT_TOPICS.write(settings.scores, as_of, rows)),
        TableCount(TOPIC_TERMS.name, len(kept), TOPIC_TERMS.write(settings.scores, as_of, to_frame(kept))),
    ]
    return counts, [] if len(texts) else ["hot_topics: there are no texts, so there are no topics"]


def _recent(texts: pd.DataFrame, as_of: date, thresholds: Mapping[str, float]) -> pd.DataFrame:
    """The texts that discovery or the usual volume needs, with `days_ago`, ordered by text_id."""
    longest = max(
        thresholds["topic_discovery_days"], thresholds["topic_window_days"] + thresholds["topic_history_days"]
    )
    ago = (pd.Timestamp(as_of) - texts["occurred_at"].dt.normalize()).dt.days
    texts = texts.assign(days_ago=ago.astype(np.int64))
    return texts[texts["days_ago"] <= longest].sort_values("text_id", ignore_index=True)


def _sentiments(settings: Settings, as_of: date) -> pd.DataFrame:
    """text_id and mean_sentiment of the night; no rows if texts were not scored."""
    file = partition(settings.scores / TEXT_SENTIMENT.name, as_of)
    if not file.exists():
        return pd.DataFrame({"text_id": [], "mean_sentiment": []}).astype({"text_id": object})
    return pd.read_parquet(file, columns=["text_id", "mean_sentiment"])


def _values(settings: Settings, as_of: date) -> pd.Series[float]:
    """Expected margin in cents that is lost if a customer leaves, by customer_key; empty without customer features."""
    file = partition(settings.features / "customer_features", as_of)
    if not file.exists():
        return pd.Series(dtype=np.float64)
    query = f"select customer_key, expected_value_cents from {relation([file])} order by customer_key"
    with connect() as connection:
        found = connection.execute(query).df()
    return pd.Series(found["expected_value_cents"].to_numpy(np.float64), index=found["customer_key"])
