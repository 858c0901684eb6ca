"""Tonight's topics under their ids, and which texts mention them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ml.use_cases.text.clauses import clauses_of
from ml.use_cases.text.lexicon import language_of
from ml.use_cases.text.seeds import thresholds
from ml.use_cases.topics.discover import Topics, discover
from ml.use_cases.topics.identity import Known, name_topics

LANGUAGES = ("en", "zh")
MEMBER_COLUMNS = ["row", "topic_id", "cosine"]


@dataclass(frozen=True)
class Found:
    """Tonight's topics, and the texts that mention each: `row`, `topic_id`, `cosine` of the likest clause."""

    topics: list[Known]
    members: pd.DataFrame


def find_topics(texts: pd.DataFrame, remembered: Sequence[Known], as_of: date) -> Found:
    """Topics of each language in the discovery days, and their members among all texts (`days_ago`, `text`)."""
    numbers = thresholds()
    clauses = clauses_in(texts, numbers["topic_discovery_days"])
    topics: list[Known] = []
    members = []
    for language in LANGUAGES:
        spoken = clauses[clauses["language"] == language]
        model = topics_in(spoken.loc[spoken["is_recent"], "clause"])
        named = name_topics(model.vectors, language, remembered, as_of, numbers["topic_same_cosine"])
        topics.extend(named)
        found = members_of(spoken, model)
        members.append(found.assign(topic_id=[named[topic].topic_id for topic in found["topic"]]))
    joined = pd.concat(members, ignore_index=True)[MEMBER_COLUMNS]
    return Found(topics, joined.groupby(["row", "topic_id"])["cosine"].max().reset_index())


def topics_in(said: pd.Series[str]) -> Topics:
    """Topics of clauses of one language, each as often as it was said."""
    numbers, different = thresholds(), said.value_counts()
    often = np.asarray(different, dtype=np.float64)
    return discover(list(different.index), often, int(numbers["topic_most"]), int(numbers["topic_fewest_texts"]))


def clauses_in(texts: pd.DataFrame, recent_days: float) -> pd.DataFrame:
    """One row per clause: the `row` of its text, its language, and whether it was said in the last `recent_days`."""
    split = [(row, clause) for row, text in enumerate(texts["text"]) for clause in clauses_of(text)]
    clauses = pd.DataFrame(
        {"row": np.array([row for row, _ in split], dtype=np.int64), "clause": [c for _, c in split]}
    )
    recent = texts["days_ago"].to_numpy()[clauses["row"].to_numpy()] <= recent_days
    return clauses.assign(language=[language_of(clause) for clause in clauses["clause"]], is_recent=recent)


def members_of(clauses: pd.DataFrame, model: Topics) -> pd.DataFrame:
    """Clauses that belong to a topic: `row`, number of the `topic`, `cosine`."""
    different = sorted(set(clauses["clause"]))
    place = {clause: number for number, clause in enumerate(different)}
    likest, cosines = model.members(different)
    where = np.array([place[clause] for clause in clauses["clause"]], dtype=np.int64)
    found = pd.DataFrame({"row": clauses["row"].to_numpy(), "topic": likest[where], "cosine": cosines[where].round(6)})
    return found[found["topic"] >= 0].reset_index(drop=True)
