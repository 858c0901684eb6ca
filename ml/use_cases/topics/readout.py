"""The table of topics: how much each is talked about, by whom, in which words, and whether that is more than usual."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ml.use_cases.text.seeds import thresholds
from ml.use_cases.topics.bursts import q_values, volume
from ml.use_cases.topics.find import Found
from ml.use_cases.topics.identity import Known
from ml.use_cases.topics.quotes import redact

QUOTES = 3
TERMS_SHOWN, TERMS_NAMED = 8, 3
#: A mean score up to here is a displeased text.
DISPLEASED = 2


def readout(texts: pd.DataFrame, found: Found, values: pd.Series[float], as_of: date) -> pd.DataFrame:
    """Rows of `hot_topics`, bursts first, then by volume; topics that nobody mentioned in the window are left out.

    `texts` also has `mean_sentiment`; `values` is what each customer is worth, by key.
    """
    numbers = thresholds()
    window = int(numbers["topic_window_days"])
    days = min(int(texts["days_ago"].max()), window + int(numbers["topic_history_days"])) if len(texts) else 0
    common = _common_words(texts["text"])
    said = {topic_id: group for topic_id, group in found.members.groupby("topic_id")}
    rows = []
    for topic in found.topics:
        if topic.topic_id in said:
            members = said[topic.topic_id]
            mentioned = texts.iloc[members["row"].to_numpy()].assign(cosine=members["cosine"].to_numpy())
            rows.append(_row(topic, mentioned, max(days, window), values, common, as_of))
    frame = pd.DataFrame(rows)
    if frame.empty:
        return frame
    frame = frame[frame["mention_count"] > 0].reset_index(drop=True)
    rate = numbers["topic_false_alarm_share"]
    q = q_values(frame["p_value"].to_numpy(np.float64))
    frame = frame.assign(q_value=q, is_burst=q <= rate, false_alarm_rate=rate)
    frame = frame.sort_values(["is_burst", "mention_count", "topic_id"], ascending=[False, False, True])
    return frame.round(6).reset_index(drop=True)


def _row(
    topic: Known, mentioned: pd.DataFrame, days: int, values: pd.Series[float], common: frozenset[str], as_of: date
) -> dict[str, Any]:
    numbers = thresholds()
    window = int(numbers["topic_window_days"])
    ago = mentioned["days_ago"].to_numpy(np.int64)
    counted = volume(np.bincount(days - ago[ago <= days], minlength=days).astype(np.float64), window)
    recent = mentioned[ago <= window]
    customers = recent["customer_key"].dropna().unique()
    feeling = recent["mean_sentiment"].dropna()
    terms = sorted(topic.vector, key=lambda term: (-topic.vector[term], term))
    return {
        "topic_id": topic.topic_id,
        "metric_date": as_of,
        "language": topic.language,
        "topic_name": " / ".join(terms[:TERMS_NAMED]),
        "terms": ", ".join(terms[:TERMS_SHOWN]),
        "first_seen_on": topic.first_seen_on,
        "is_new": topic.first_seen_on == as_of,
        "window_days": window,
        "mention_count": counted.mentions,
        "expected_count": counted.expected,
        "baseline_days": max(days - window, 0),
        "baseline_count": counted.baseline,
        "volume_ratio": counted.mentions / counted.expected if counted.expected > 0 else np.nan,
        "p_value": counted.p_value,
        "customer_count": len(customers),
        "value_exposed_cents": float(values.reindex(sorted(customers)).fillna(0).sum()),
        "mean_sentiment": float(feeling.mean()) if len(feeling) else np.nan,
        "negative_share": float((feeling <= DISPLEASED).mean()) if len(feeling) else np.nan,
        **_quotes(recent, common),
        "is_reportable": counted.mentions >= numbers["topic_minimum_mentions"],
    }


def _quotes(recent: pd.DataFrame, common: frozenset[str]) -> dict[str, str | None]:
    """The texts that are likest to the topic, each once, without personal data."""
    likest = recent.sort_values(["cosine", "text_id"], ascending=[False, True])
    quoted: list[str] = []
    likest = likest.drop_duplicates("text").head(5 * QUOTES)
    for text, names in zip(likest["text"], likest["known_names"], strict=True):
        quote = redact(text, names or "", common)
        if quote not in quoted:
            quoted.append(quote)
        if len(quoted) == QUOTES:
            break
    return {f"quote_{place + 1}": quoted[place] if place < len(quoted) else None for place in range(QUOTES)}


def _common_words(texts: Iterable[str]) -> frozenset[str]:
    """Words that somebody wrote in lower case: no names."""
    return frozenset(word for text in texts for word in text.split() if word.isalpha() and word.islower())
