"""Nightly statistics of journeys; they need no trained model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd

from ml.lake import ScoreTable, partition, read_thresholds
from ml.registry import Registry
from ml.use_case import Scored
from ml.use_cases.journey.promises import promise_slopes
from ml.use_cases.journey.response_times import response_time_fits
from ml.use_cases.journey.tables import PROMISE_SLOPES, RESPONSE_TIME_FITS, TOUCHPOINT_WEIGHTS
from ml.use_cases.journey.weights import touchpoint_weights
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings


def score(settings: Settings, _: Registry, as_of: date) -> Scored:
    """Write `touchpoint_weights`, `response_time_fits` and `promise_slopes` of the night; no rows without answers."""
    thresholds = read_thresholds(settings, "journey_thresholds")
    bin_answers, tolerance_points = thresholds["promise_bin_answers"], thresholds["tolerance_points"]
    minimum_sample, middle = int(thresholds["minimum_sample"]), thresholds["middle_score"]
    tables: tuple[tuple[ScoreTable, str, Callable[[pd.DataFrame], pd.DataFrame]], ...] = (
        (TOUCHPOINT_WEIGHTS, "journey_weights", lambda rows: touchpoint_weights(rows, minimum_sample, middle)),
        (RESPONSE_TIME_FITS, "response_times", response_time_fits),
        (PROMISE_SLOPES, "promise_answers", lambda rows: promise_slopes(rows, bin_answers, tolerance_points)),
    )
    counts = []
    for table, features, statistic in tables:
        given = read_features(settings, features, as_of)
        rows = pd.DataFrame() if given.empty else statistic(given)
        counts.append(TableCount(table.name, len(given), table.write(settings.scores, as_of, rows)))
    return counts, []


def read_features(settings: Settings, table: str, as_of: date) -> pd.DataFrame:
    """The rows of a feature table on a night, in the order of the file; empty if the night has no such file."""
    file = partition(settings.features / table, as_of)
    return pd.read_parquet(file) if file.exists() else pd.DataFrame()
