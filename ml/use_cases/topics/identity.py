"""Ids that stay: tonight's topics are those of earlier nights as far as their terms are alike."""

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
    """A topic under its id, with the nights on which it was seen first and last."""

    topic_id: str
    language: str
    vector: Vector
    first_seen_on: date
    last_seen_on: date


def name_topics(
    vectors: Sequence[Vector], language: str, remembered: Sequence[Known], as_of: date, same_cosine: float
) -> list[Known]:
    """Tonight's topics, each with the id of the earlier one that it is likest to, all together as like as can be (Kuhn
    1955, Naval Research Logistics Quarterly 2:83), else with a new id.
    """
    earlier = [topic for topic in remembered if topic.language == language]
    likeness = np.array([[_cosine(vector, topic.vector) for topic in earlier] for vector in vectors])
    likeness = likeness.reshape(len(vectors), len(earlier)).round(6)
    matched = {
        int(row): earlier[column]
        for row, column in zip(*linear_sum_assignment(-likeness), strict=True)
        if likeness[row, column] >= same_cosine
    }
    return [
        Known(matched[place].topic_id, language, vector, matched[place].first_seen_on, as_of)
        if place in matched
        else Known(_new_id(vector, language, as_of), language, vector, as_of, as_of)
        for place, vector in enumerate(vectors)
    ]


def remember(tonight: Sequence[Known], remembered: Sequence[Known], as_of: date, memory_days: int) -> list[Known]:
    """Tonight's topics and the earlier ones that were seen within the memory."""
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
    said = f"{as_of} {language} {' '.join(sorted(vector, key=lambda term: (-vector[term], term)))}"
    return f"{language}-{hashlib.md5(said.encode(), usedforsecurity=False).hexdigest()[:8]}"
