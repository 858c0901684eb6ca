"""The night's statistics of journeys: features in, Parquet out. They need no trained model."""

from __future__ import annotations

import csv
from datetime import date

import pandas as pd

from ml.journey.promises import promise_slopes
from ml.journey.response_times import response_time_fits
from ml.journey.weights import touchpoint_weights
from ml.lake import partition, write_scores
from warehouse.errors import ModelError
from warehouse.reports import TableCount
from warehouse.settings import PROJECT, Settings

THRESHOLDS = PROJECT / "dbt_project" / "seeds" / "journey" / "journey_thresholds.csv"


def score(settings: Settings, as_of: date) -> tuple[list[TableCount], list[str]]:
    """Write `touchpoint_weights`, `response_time_fits` and `promise_slopes` of the night; empty where nothing is known.

    Raises:
        ModelError: where the stage build has not written the night's features.
    """
    numbers = thresholds()
    read = {name: read_features(settings, name, as_of) for name in ("journey_weights", "response_times")}
    promises = read_features(settings, "promise_answers", as_of)
    tables = {
        "touchpoint_weights": (read["journey_weights"], touchpoint_weights(read["journey_weights"])),
        "response_time_fits": (read["response_times"], response_time_fits(read["response_times"])),
        "promise_slopes": (
            promises,
            promise_slopes(promises, numbers["promise_bin_answers"], numbers["tolerance_points"]),
        ),
    }
    counts = [
        TableCount(table, len(given), write_scores(settings.scores, table, as_of, rows))
        for table, (given, rows) in tables.items()
    ]
    return counts, []


def thresholds() -> dict[str, float]:
    """The numbers of the seed journey_thresholds by name."""
    with THRESHOLDS.open(encoding="utf-8", newline="") as file:
        return {row["name"]: float(row["value"]) for row in csv.DictReader(file)}


def read_features(settings: Settings, table: str, as_of: date) -> pd.DataFrame:
    """One night of a feature table, in its written order.

    Raises:
        ModelError: where the night is not there.
    """
    file = partition(settings.features / table, as_of)
    if not file.exists():
        raise ModelError(f"{file} is not there: expected the features {table} of {as_of}; run the stage build first")
    return pd.read_parquet(file)
