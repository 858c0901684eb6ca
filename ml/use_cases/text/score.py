"""Nightly sentiment of every text, by the champion or, without a champion, by the lexicon.

The score of a text depends on the text, the model and the seeds only. Texts that the previous run scored with the same
model and seeds keep their scores; the others are scored. The result equals that of scoring all texts.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from ml.lake import previous_partition
from ml.registry import Registry, Version
from ml.texts.history import read_texts
from ml.texts.lexicon import language_of
from ml.texts.tables import TEXT_SENTIMENT
from ml.texts.vocabulary import Vocabulary, read_vocabulary
from ml.use_case import Scored
from ml.use_cases.text.aspects import score_aspects
from ml.use_cases.text.classifier import TextClassifier
from ml.use_cases.text.fallback import LexiconSentiment
from ml.use_cases.text.register import FINAL, NAME
from ml.use_cases.text.sentiment import Sentiment, predicted, sentiment_of
from ml.use_cases.text.tables import TEXT_ASPECTS
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings

_PREDICTED = ["sentiment", "probability", "mean_sentiment"]
_SENTIMENT_COLUMNS = ["text_hash", "language", *_PREDICTED]
_ASPECT_COLUMNS = ["text_hash", "aspect_code", "clause_count", *_PREDICTED]


def score(settings: Settings, registry: Registry, as_of: date) -> Scored:
    """Write `text_sentiment` and `text_aspects` of the night.

    Raises:
        ModelError: if the files of the champion cannot be read.
    """
    texts, vocabulary = read_texts(settings, as_of), read_vocabulary(settings)
    champion = registry.champion(NAME)
    model = TextClassifier.load(registry.folder(champion), FINAL) if champion else None
    stamp = _stamp(champion, vocabulary)
    previous = _previous_scores(settings.scores, as_of, stamp)
    sentiments, aspects = score_texts(texts, sentiment_of(model, vocabulary), vocabulary, previous)
    counts = [
        TableCount(table.name, len(texts), table.write(settings.scores, as_of, rows.assign(**stamp)))
        for table, rows in ((TEXT_SENTIMENT, sentiments), (TEXT_ASPECTS, aspects))
    ]
    if champion or texts.empty:
        return counts, []
    note = f"{NAME}: there is no champion, so the lexicon scores; `rapport train` trains a model from scored comments"
    return counts, [note]


def score_texts(
    texts: pd.DataFrame, sentiment: Sentiment, vocabulary: Vocabulary, previous: tuple[pd.DataFrame, pd.DataFrame]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of `text_sentiment` and `text_aspects`; `previous` holds the reusable rows of both, by text_hash."""
    distinct = texts[["text_hash", "text"]].drop_duplicates("text_hash").sort_values("text_hash")
    new = distinct[~distinct["text_hash"].isin(previous[0]["text_hash"])]
    scored = predicted(sentiment.probabilities(list(new["text"])))
    scored = scored.assign(text_hash=new["text_hash"].to_numpy(), language=[language_of(text) for text in new["text"]])
    scored_aspects = score_aspects(zip(new["text_hash"], new["text"], strict=True), sentiment, vocabulary)
    sentiments, aspects = (
        pd.concat(frames, ignore_index=True) for frames in zip(previous, (scored, scored_aspects), strict=True)
    )
    rows = texts.drop(columns="text").merge(sentiments, on="text_hash", how="left", validate="many_to_one")
    by_aspect = texts.drop(columns="text").merge(aspects, on="text_hash", how="inner")
    by_aspect = by_aspect.sort_values(["text_id", "aspect_code"], ignore_index=True)
    return rows.sort_values("text_id", ignore_index=True), by_aspect


def _previous_scores(scores: Path, as_of: date, stamp: dict[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sentiments and aspects of the previous run with the same stamp, one row per text_hash (and aspect)."""
    sentiments = _previous_rows(scores / TEXT_SENTIMENT.name, as_of, stamp, _SENTIMENT_COLUMNS)
    aspects = _previous_rows(scores / TEXT_ASPECTS.name, as_of, stamp, _ASPECT_COLUMNS)
    return sentiments.drop_duplicates("text_hash"), aspects.drop_duplicates(["text_hash", "aspect_code"])


def _previous_rows(table: Path, as_of: date, stamp: dict[str, str], columns: list[str]) -> pd.DataFrame:
    file = previous_partition(table, as_of)
    if file is None:
        return pd.DataFrame(columns=columns)
    rows = pd.read_parquet(file, columns=[*columns, *stamp])
    return rows.loc[(rows[list(stamp)] == pd.Series(stamp)).all(axis=1), columns]


def _stamp(champion: Version | None, vocabulary: Vocabulary) -> dict[str, str]:
    """The model and the seeds that produced a row."""
    model = (champion.number, champion.run_id) if champion else (LexiconSentiment.version, "")
    return {"model_version": model[0], "run_id": model[1], "seeds_version": vocabulary.version}
