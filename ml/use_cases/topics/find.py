"""Finds tonight's topics with their ids, and the texts that mention them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ml.texts.clauses import clauses_of
from ml.texts.lexicon import language_of
from ml.texts.vocabulary import Vocabulary
from ml.use_cases.topics.discover import Topics, discover
from ml.use_cases.topics.identity import Known, name_topics
from ml.use_cases.topics.terms import stop_words_of

LANGUAGES = ("en", "zh")
MEMBER_COLUMNS = ["row", "topic_id", "cosine"]


@dataclass(frozen=True)
class Found:
    """Tonight's topics, and one row per text and topic: `row` of the text, `topic_id`, `cosine` of its best clause."""

    topics: list[Known]
    members: pd.DataFrame


def find_topics(texts: pd.DataFrame, remembered: Sequence[Known], as_of: date, vocabulary: Vocabulary) -> Found:
    """Find topics in the texts of the discovery days, per language, and their mentions in all texts.

    Args:
        texts: `text` and `days_ago`.
        remembered: topics of earlier nights.
        as_of: the night.
        vocabulary: the text seeds.
    """
    thresholds = vocabulary.thresholds
    clauses = clauses_in(texts, thresholds["topic_discovery_days"], vocabulary)
    topics: list[Known] = []
    members = []
    for language in LANGUAGES:
        in_language = clauses[clauses["language"] == language]
        model = topics_in(in_language.loc[in_language["is_recent"], "clause"], vocabulary)
        named = name_topics(model.vectors, language, remembered, as_of, thresholds["topic_same_cosine"])
        topics.extend(named)
        found = members_of(in_language, model)
        members.append(found.assign(topic_id=[named[topic].topic_id for topic in found["topic"]]))
    joined = pd.concat(members, ignore_index=True)[MEMBER_COLUMNS]
    return Found(topics, joined.groupby(["row", "topic_id"])["cosine"].max().reset_index())


def topics_in(clauses: pd.Series[str], vocabulary: Vocabulary) -> Topics:
    """The topics of clauses of one language; repeated clauses count by their number."""
    counts, thresholds = clauses.value_counts(), vocabulary.thresholds
    return discover(
        list(counts.index),
        np.asarray(counts, dtype=np.float64),
        most=int(thresholds["topic_most"]),
        fewest=int(thresholds["topic_fewest_texts"]),
        stop_words=stop_words_of(vocabulary),
    )


def clauses_in(texts: pd.DataFrame, recent_days: float, vocabulary: Vocabulary) -> pd.DataFrame:
    """One row per clause: `row` of its text, `language`, and `is_recent` if the text is at most `recent_days` old."""
    split = [(row, clause) for row, text in enumerate(texts["text"]) for clause in clauses_of(text, vocabulary)]
    clauses = pd.DataFrame(
        {"row": np.array([row for row, _ in split], dtype=np.int64), "clause": [c for _, c in split]}
    )
    recent = texts["days_ago"].to_numpy()[clauses["row"].to_numpy()] <= recent_days
    return clauses.assign(language=[language_of(clause) for clause in clauses["clause"]], is_recent=recent)


def members_of(clauses: pd.DataFrame, model: Topics) -> pd.DataFrame:
    """Clauses that belong to a topic: `row` of the text, number of the `topic`, `cosine`."""
    distinct = sorted(set(clauses["clause"]))
    position = {clause: number for number, clause in enumerate(distinct)}
    nearest, cosines = model.members(distinct)
    where = np.array([position[clause] for clause in clauses["clause"]], dtype=np.int64)
    found = pd.DataFrame({"row": clauses["row"].to_numpy(), "topic": nearest[where], "cosine": cosines[where].round(6)})
    return found[found["topic"] >= 0].reset_index(drop=True)
