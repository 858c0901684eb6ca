"""The night's sentiment: every text by the champion, or by the lexicon where there is none.

The same text has the same score as long as the model is the same, so only texts that the night before has not scored
are scored; the rows are those that scoring all of them would give.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from ml.registry import Registry, Version
from ml.use_case import Scored
from ml.use_cases.text.aspects import score_aspects
from ml.use_cases.text.classifier import TextClassifier
from ml.use_cases.text.fallback import LexiconSentiment
from ml.use_cases.text.features import last_night, read_texts
from ml.use_cases.text.lexicon import language_of
from ml.use_cases.text.register import FINAL, NAME
from ml.use_cases.text.seeds import fingerprint
from ml.use_cases.text.sentiment import Sentiment, said, sentiment_of
from ml.use_cases.text.tables import TEXT_ASPECTS, TEXT_SENTIMENT
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings

_SAID = ["sentiment", "probability", "mean_sentiment"]


def score(settings: Settings, registry: Registry, as_of: date) -> Scored:
    """Write `text_sentiment` and `text_aspects` of the night.

    Raises:
        ModelError: where the champion cannot be read.
    """
    texts = read_texts(settings, as_of)
    champion = registry.champion(NAME)
    model = TextClassifier.load(registry.folder(champion), FINAL) if champion else None
    stamp = _stamp(champion)
    feelings, aspects = score_texts(texts, sentiment_of(model), _known(settings.scores, as_of, stamp))
    counts = [
        TableCount(
            TEXT_SENTIMENT.name, len(texts), TEXT_SENTIMENT.write(settings.scores, as_of, feelings.assign(**stamp))
        ),
        TableCount(TEXT_ASPECTS.name, len(texts), TEXT_ASPECTS.write(settings.scores, as_of, aspects.assign(**stamp))),
    ]
    if champion or texts.empty:
        return counts, []
    note = f"{NAME}: too few scored comments were learned from, so the lexicon scores; `rapport train` makes a model"
    return counts, [note]


def score_texts(
    texts: pd.DataFrame, sentiment: Sentiment, known: tuple[pd.DataFrame, pd.DataFrame]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of `text_sentiment` and `text_aspects`; `known` holds both by text_hash, of what was scored before."""
    different = texts[["text_hash", "text"]].drop_duplicates("text_hash").sort_values("text_hash")
    fresh = different[~different["text_hash"].isin(known[0]["text_hash"])]
    told = said(sentiment.probabilities(list(fresh["text"])))
    told = told.assign(text_hash=fresh["text_hash"].to_numpy(), language=[language_of(text) for text in fresh["text"]])
    aspects = score_aspects(zip(fresh["text_hash"], fresh["text"], strict=True), sentiment)
    feelings, parts = (
        pd.concat([old, new], ignore_index=True) for old, new in zip(known, (told, aspects), strict=True)
    )
    rows = texts.drop(columns="text").merge(feelings, on="text_hash", how="left", validate="many_to_one")
    by_aspect = texts.drop(columns="text").merge(parts, on="text_hash", how="inner")
    by_aspect = by_aspect.sort_values(["text_id", "aspect_code"], ignore_index=True)
    return rows.sort_values("text_id", ignore_index=True), by_aspect


def _known(scores: Path, as_of: date, stamp: dict[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the night before said of each text, where the same model said it."""
    feelings = _before(scores / TEXT_SENTIMENT.name, as_of, stamp, ["text_hash", "language", *_SAID])
    columns = ["text_hash", "aspect_code", "clause_count", *_SAID]
    aspects = _before(scores / TEXT_ASPECTS.name, as_of, stamp, columns)
    return feelings.drop_duplicates("text_hash"), aspects.drop_duplicates(["text_hash", "aspect_code"])


def _before(table: Path, as_of: date, stamp: dict[str, str], columns: list[str]) -> pd.DataFrame:
    file = last_night(table, as_of)
    if file is None:
        return pd.DataFrame(columns=columns)
    rows = pd.read_parquet(file, columns=[*columns, *stamp])
    return rows.loc[(rows[list(stamp)] == pd.Series(stamp)).all(axis=1), columns]


def _stamp(champion: Version | None) -> dict[str, str]:
    """What made a row: the model, and the seeds that its words and aspects come from."""
    model = (champion.number, champion.run_id) if champion else (LexiconSentiment.version, "")
    return {"model_version": model[0], "run_id": model[1], "seeds_version": fingerprint()}
