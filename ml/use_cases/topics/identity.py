"""Stable topic ids: a topic found tonight gets the id of an earlier topic with similar terms."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from ml.use_cases.topics.discover import Vector


@dataclass(frozen=True)
class Known:
    """A topic with its id and the first and last night on which it was found."""

    topic_id: str
    language: str
    vector: Vector
    first_seen_on: date
    last_seen_on: date


def name_topics(
    vectors: Sequence[Vector], language: str, remembered: Sequence[Known], as_of: date, same_cosine: float
) -> list[Known]:
    """Tonight's topics with their ids.

    Tonight's and earlier topics are matched one to one with the largest total cosine similarity (Kuhn 1955, Naval
    Research Logistics Quarterly 2:83). A topic whose match has a similarity below `same_cosine` gets a new id.
    """
    earlier = [topic for topic in remembered if topic.language == language]
    similarity = np.array([[_cosine(vector, topic.vector) for topic in earlier] for vector in vectors])
    similarity = similarity.reshape(len(vectors), len(earlier)).round(6)
    matched = {
        int(row): earlier[column]
        for row, column in zip(*linear_sum_assignment(-similarity), strict=True)
        if similarity[row, column] >= same_cosine
    }
    return [
        Known(matched[number].topic_id, language, vector, matched[number].first_seen_on, as_of)
        if number in matched
        else Known(_new_id(vector, language, as_of), language, vector, as_of, as_of)
        for number, vector in enumerate(vectors)
    ]


def remember(tonight: Sequence[Known], remembered: Sequence[Known], as_of: date, memory_days: int) -> list[Known]:
    """Tonight's topics and the earlier ones last seen within `memory_days`, ordered by id."""
    seen = {topic.topic_id for topic in tonight}
    since = as_of - timedelta(days=memory_days)
    kept = [topic for topic in remembered if topic.topic_id not in seen and topic.last_seen_on >= since]
    return sorted([*tonight, *kept], key=lambda topic: topic.topic_id)


def to_frame(topics: Sequence[Known]) -> pd.DataFrame:
    """Rows of `topic_terms`."""
    return pd.DataFrame(
        [
            {
                "topic_id": topic.topic_id,
                "language": topic.language,
                "term": term,
                "weight": weight,
                "first_seen_on": topic.first_seen_on,
                "last_seen_on": topic.last_seen_on,
            }
            for topic in topics
            for term, weight in sorted(topic.vector.items())
        ]
    )


def from_frame(rows: pd.DataFrame) -> list[Known]:
    """The topics of rows of `topic_terms`."""
    found = []
    for topic_id, group in rows.groupby("topic_id", sort=True):
        first = group.iloc[0]
        vector = dict(zip(group["term"], group["weight"], strict=True))
        found.append(Known(str(topic_id), first["language"], vector, first["first_seen_on"], first["last_seen_on"]))
    return found


def _cosine(one: Vector, other: Vector) -> float:
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())


def _new_id(vector: Vector, language: str, as_of: date) -> str:
    content = f"{as_of} {language} {' '.join(sorted(vector, key=lambda term: (-vector[term], term)))}"
    return f"{language}-{hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()[:8]}"
