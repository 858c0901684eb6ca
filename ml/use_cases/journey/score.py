"""The night's statistics of journeys: features in, Parquet out. They need no trained model."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date

import pandas as pd

from ml.lake import ScoreTable, partition
from ml.registry import Registry
from ml.use_cases.journey.promises import promise_slopes
from ml.use_cases.journey.response_times import response_time_fits
from ml.use_cases.journey.tables import PROMISE_SLOPES, RESPONSE_TIME_FITS, TOUCHPOINT_WEIGHTS
from ml.use_cases.journey.weights import touchpoint_weights
from warehouse.core.reports import TableCount
from warehouse.core.settings import PROJECT, Settings

THRESHOLDS = PROJECT / "dbt_project" / "seeds" / "journey" / "journey_thresholds.csv"


def score(settings: Settings, _: Registry, as_of: date) -> tuple[list[TableCount], list[str]]:
    """Write `touchpoint_weights`, `response_time_fits` and `promise_slopes` of the night; empty without answers."""
    numbers = thresholds()
    bin_answers, tolerance_points = numbers["promise_bin_answers"], numbers["tolerance_points"]
    tables: tuple[tuple[ScoreTable, str, Callable[[pd.DataFrame], pd.DataFrame]], ...] = (
        (TOUCHPOINT_WEIGHTS, "journey_weights", touchpoint_weights),
        (RESPONSE_TIME_FITS, "response_times", response_time_fits),
        (PROMISE_SLOPES, "promise_answers", lambda rows: promise_slopes(rows, bin_answers, tolerance_points)),
    )
    counts = []
    for table, features, statistic in tables:
        given = read_features(settings, features, as_of)
        rows = pd.DataFrame() if given.empty else statistic(given)
        counts.append(TableCount(table.name, len(given), table.write(settings.scores, as_of, rows)))
    return counts, []


def thresholds() -> dict[str, float]:
    """The numbers of the seed journey_thresholds by name."""
    with THRESHOLDS.open(encoding="utf-8", newline="") as file:
        return {row["name"]: float(row["value"]) for row in csv.DictReader(file)}


def read_features(settings: Settings, table: str, as_of: date) -> pd.DataFrame:
    """One night of a feature table, in its written order; empty where the night has none."""
    file = partition(settings.features / table, as_of)
    return pd.read_parquet(file) if file.exists() else pd.DataFrame()
