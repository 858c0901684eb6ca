"""The night's readouts of declared tests: features in, Parquet out."""

from __future__ import annotations

import csv
from datetime import date

import pandas as pd

from ml.experiments.readout import Limits, readouts
from ml.lake import partition, write_scores
from warehouse.reports import TableCount
from warehouse.settings import PROJECT, Settings

THRESHOLDS = PROJECT / "dbt_project" / "seeds" / "decisions" / "decisions_thresholds.csv"


def score(settings: Settings, as_of: date) -> tuple[list[TableCount], list[str]]:
    """Write `experiment_readouts` of the night; empty where no declared test has anybody assigned."""
    file = partition(settings.features / "experiment_arms", as_of)
    arms = pd.read_parquet(file) if file.exists() else pd.DataFrame()
    rows = pd.DataFrame() if arms.empty else readouts(arms, limits())
    return [
        TableCount("experiment_readouts", len(arms), write_scores(settings.scores, "experiment_readouts", as_of, rows))
    ], []


def limits() -> Limits:
    """The numbers of the seed decisions_thresholds."""
    with THRESHOLDS.open(encoding="utf-8", newline="") as seed:
        values = {row["name"]: float(row["value"]) for row in csv.DictReader(seed)}
    return Limits(
        error_share=values["experiment_error_share"],
        power_share=values["experiment_power_share"],
        sample_ratio_p_value=values["sample_ratio_p_value"],
        minimum_sample=values["decision_minimum_sample"],
    )
