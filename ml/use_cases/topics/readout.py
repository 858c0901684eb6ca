"""Builds `hot_topics`: mentions of each topic, the customers behind them, quotes, and whether it is a burst."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ml.use_cases.topics.bursts import q_values, volume
from ml.use_cases.topics.find import Found
from ml.use_cases.topics.identity import Known
from ml.use_cases.topics.quotes import redact

QUOTES = 3
TERMS_SHOWN, TERMS_NAMED = 8, 3


def readout(
    texts: pd.DataFrame, found: Found, values: pd.Series[float], as_of: date, thresholds: Mapping[str, float]
) -> pd.DataFrame:
    """Rows of `hot_topics`, bursts first, then by mentions. Topics without a mention in the window are left out.

    Args:
        texts: the texts that `found` refers to, with `days_ago` and `mean_sentiment`.
        found: the topics and their mentions.
        values: expected value of each customer in cents, by customer_key.
        as_of: the night.
        thresholds: the seed `text_thresholds`.
    """
    window = int(thresholds["topic_window_days"])
    days = min(int(texts["days_ago"].max()), window + int(thresholds["topic_history_days"])) if len(texts) else 0
    common = _common_words(texts["text"])
    members_by_topic = {topic_id: group for topic_id, group in found.members.groupby("topic_id")}
    rows = []
    for topic in found.topics:
        if topic.topic_id in members_by_topic:
            members = members_by_topic[topic.topic_id]
            mentions = texts.iloc[members["row"].to_numpy()].assign(cosine=members["cosine"].to_numpy())
            row = _topic(topic, as_of) | _volume(mentions, max(days, window), window, thresholds)
            rows.append(
                row
                | _writers(mentions[mentions["days_ago"] <= window], values, common, thresholds["topic_negative_score"])
            )
    frame = pd.DataFrame(rows)
    if frame.empty:
        return frame
    frame = frame[frame["mention_count"] > 0].reset_index(drop=True)
    rate = thresholds["topic_false_alarm_share"]
    q = q_values(frame["p_value"].to_numpy(np.float64))
    frame = frame.assign(q_value=q, is_burst=q <= rate, false_alarm_rate=rate)
    frame = frame.sort_values(["is_burst", "mention_count", "topic_id"], ascending=[False, False, True])
    return frame.round(6).reset_index(drop=True)


def _topic(topic: Known, as_of: date) -> dict[str, Any]:
    terms = sorted(topic.vector, key=lambda term: (-topic.vector[term], term))
    return {
        "topic_id": topic.topic_id,
        "metric_date": as_of,
        "language": topic.language,
        "topic_name": " / ".join(terms[:TERMS_NAMED]),
        "terms": ", ".join(terms[:TERMS_SHOWN]),
        "first_seen_on": topic.first_seen_on,
        "is_new": topic.first_seen_on == as_of,
    }


def _volume(mentions: pd.DataFrame, days: int, window: int, thresholds: Mapping[str, float]) -> dict[str, Any]:
    """Mentions in the window against the expected number, from the daily counts of the last `days`."""
    ago = mentions["days_ago"].to_numpy(np.int64)
    counted = volume(np.bincount(days - ago[ago <= days], minlength=days).astype(np.float64), window)
    return {
        "window_days": window,
        "mention_count": counted.mentions,
        "expected_count": counted.expected,
        "baseline_days": max(days - window, 0),
        "baseline_count": counted.baseline,
        "volume_ratio": counted.mentions / counted.expected if counted.expected > 0 else np.nan,
        "p_value": counted.p_value,
        "is_reportable": counted.mentions >= thresholds["topic_minimum_mentions"],
    }


def _writers(
    recent: pd.DataFrame, values: pd.Series[float], common: frozenset[str], negative_score: float
) -> dict[str, Any]:
    """Customers who mention the topic in the window, their value, their sentiment and quotes."""
    customers = recent["customer_key"].dropna().unique()
    sentiments = recent["mean_sentiment"].dropna()
    return {
        "customer_count": len(customers),
        "value_exposed_cents": float(values.reindex(sorted(customers)).fillna(0).sum()),
        "mean_sentiment": float(sentiments.mean()) if len(sentiments) else np.nan,
        "negative_share": float((sentiments <= negative_score).mean()) if len(sentiments) else np.nan,
        **_quotes(recent, common),
    }


def _quotes(recent: pd.DataFrame, common: frozenset[str]) -> dict[str, str | None]:
    """The texts that are most similar to the topic, each once, without personal data."""
    nearest = recent.sort_values(["cosine", "text_id"], ascending=[False, True])
    nearest = nearest.drop_duplicates("text").head(5 * QUOTES)
    quoted: list[str] = []
    for text, names in zip(nearest["text"], nearest["known_names"], strict=True):
        quote = redact(text, names or "", common)
        if quote not in quoted:
            quoted.append(quote)
        if len(quoted) == QUOTES:
            break
    return {f"quote_{i + 1}": quoted[i] if i < len(quoted) else None for i in range(QUOTES)}


def _common_words(texts: Iterable[str]) -> frozenset[str]:
    """Words that occur in lower case, so they are no names."""
    return frozenset(word for text in texts for word in text.split() if word.isalpha() and word.islower())
