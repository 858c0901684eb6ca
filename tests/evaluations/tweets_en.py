"""Tweets to airlines: negative, neutral or positive, and the reasons of the negative ones found without labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score

from ml.texts.vocabulary import read_vocabulary
from ml.use_cases.topics.discover import discover
from ml.use_cases.topics.terms import stop_words_of
from tests.evaluations import Evaluation
from tests.ml.conftest import shipped_settings
from tests.text_folds import sentiment
from warehouse.core.settings import settings_from_environment

FILE = settings_from_environment().datasets / "tweets_en" / "Tweets_repaired.csv"
LABELS = ("negative", "neutral", "positive")
NO_REASON = "Can't Tell"


def evaluate(_: Path) -> Evaluation:
    """Five folds over different tweets; topics of the negative ones against the reasons that people gave them."""
    tweets = pd.read_csv(FILE).drop_duplicates("text", ignore_index=True)
    truth = np.array([LABELS.index(label) for label in tweets["airline_sentiment"]])
    found, described = sentiment(list(tweets["text"]), truth, [-0.5, 0.5])
    topics, topics_text = reasons(tweets)
    text = f"{len(truth):,} different tweets in five folds, three classes.\n\n{described}\n\n{topics_text}"
    return Evaluation("Tweets to airlines: sentiment and topics", {**found, **topics}, text)


def reasons(tweets: pd.DataFrame) -> tuple[dict[str, float], str]:
    """Agreement of the topics of negative tweets, found without labels, with the reasons that people gave."""
    given = tweets.dropna(subset=["negativereason"])
    given = given[given["negativereason"] != NO_REASON]
    texts, reason = list(given["text"]), given["negativereason"].to_numpy(str)
    stop_words = stop_words_of(read_vocabulary(shipped_settings()))
    model = discover(texts, np.ones(len(texts)), most=40, fewest=5, stop_words=stop_words)
    topic, _ = model.members(texts)
    has = topic >= 0
    shares = pd.crosstab(topic[has], reason[has])
    purity = float(shares.max(axis=1).sum() / has.sum())
    found = {
        "topics": float(len(model.vectors)),
        "topic_covered_share": float(has.mean()),
        "topic_purity": purity,
        "commonest_reason_share": float(pd.Series(reason[has]).value_counts(normalize=True).iloc[0]),
        "topic_mutual_information": float(adjusted_mutual_info_score(reason[has], topic[has])),
    }
    kinds = given["negativereason"].nunique()
    number = len(model.vectors)
    text = f"""Reasons of {len(texts):,} negative tweets ({kinds} kinds, those without one left out) as {number} topics
found without labels: {has.mean():.0%} of the tweets belong to a topic; naming each topic by its
most frequent reason is right for {purity:.1%} of them (always the most frequent reason:
{found["commonest_reason_share"]:.1%}); adjusted mutual information {found["topic_mutual_information"]:.3f} (0 at
random, 1 for equal)."""
    return found, text
