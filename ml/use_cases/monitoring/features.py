"""Inputs of monitoring: features and scores of the night, and earlier scores whose labels are known."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.classifier.examples import read_population
from ml.classifier.target import Target
from ml.feature_set import FeatureSet, Matrix
from ml.lake import connect, literal, nights, partition, relation
from ml.use_case import Watched
from warehouse.core.settings import Settings


@dataclass(frozen=True)
class Scores:
    """Probabilities of a model in the night (n,), and the version behind them ('' if no customer was scored)."""

    probabilities: npt.NDArray[np.float64]
    version: str
    run_id: str


@dataclass(frozen=True)
class Matured:
    """Earlier probabilities and outcomes (n,) of the nights from `first` to `last`."""

    truth: npt.NDArray[np.float64]
    probabilities: npt.NDArray[np.float64]
    first: date
    last: date


def read_scores(settings: Settings, watched: Watched, as_of: date) -> Scores:
    """The scores of one model as written in the night."""
    file = partition(settings.scores / watched.table.name, as_of)
    run_column = watched.version_column.replace("model_version", "run_id")
    rows = connect().execute(
        f"select {watched.column} as probability, {watched.version_column} as version, {run_column} as run_id "
        f"from {relation([file])} where {watched.column} is not null order by customer_key"
    )
    frame = rows.df()
    version, run_id = (str(frame[name].iloc[0]) if len(frame) else "" for name in ("version", "run_id"))
    return Scores(frame["probability"].to_numpy(dtype=np.float64), version, run_id)


def read_features(settings: Settings, as_of: date, target: Target, features: FeatureSet) -> Matrix:
    """Features of eligible customers of the night (n, features); at most the first chunk by key."""
    first = next(read_population(settings, as_of, target, features), None)
    return first.matrix if first else np.empty((0, len(features.features)), dtype=np.float32)


def features_of(folder: Path, name: str) -> FeatureSet:
    """The features of a registered classifier, without reading its booster."""
    content = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return FeatureSet.from_json(content["features"])


def read_matured(settings: Settings, watched: Watched, target: Target, as_of: date, most_nights: int) -> Matured | None:
    """Scores of earlier nights with the labels known on `as_of`; None if there are none.

    Trainings write the labels of past nights, so a night counts once a training has labelled it.
    """
    scores, labels = settings.scores / watched.table.name, settings.features / target.labels
    both = sorted({*nights(scores)} & {*nights(labels)}) if target.labels else []
    chosen = [night for night in both if night < as_of][-most_nights:]
    if not chosen:
        return None
    scored, labelled = (relation([partition(table, night) for night in chosen]) for table in (scores, labels))
    defined = f" and l.definition = {literal(target.definition)}" if target.definition else ""
    frame: pd.DataFrame = (
        connect()
        .execute(
            f"select s.as_of, s.{watched.column} as probability, cast(l.{target.label} as double) as truth "
            f"from {scored} as s join {labelled} as l on l.customer_key = s.customer_key and l.as_of = s.as_of "
            f"where s.{watched.column} is not null and l.{target.label} is not null "
            f"and l.known_from <= date '{as_of}'{defined} order by s.as_of, s.customer_key"
        )
        .df()
    )
    if frame.empty:
        return None
    first, last = (pd.Timestamp(day).date() for day in (frame["as_of"].min(), frame["as_of"].max()))
    return Matured(frame["truth"].to_numpy(), frame["probability"].to_numpy(), first, last)
