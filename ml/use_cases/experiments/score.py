"""The night's readouts of declared tests: features in, Parquet out."""

from __future__ import annotations

import csv
from datetime import date

import pandas as pd

from ml.lake import partition
from ml.registry import Registry
from ml.use_cases.experiments.readout import Limits, readouts
from ml.use_cases.experiments.tables import EXPERIMENT_READOUTS
from warehouse.core.reports import TableCount
from warehouse.core.settings import PROJECT, Settings

THRESHOLDS = PROJECT / "dbt_project" / "seeds" / "decisions" / "decisions_thresholds.csv"


def score(settings: Settings, _: Registry, as_of: date) -> tuple[list[TableCount], list[str]]:
    """Write `experiment_readouts` of the night; empty where no declared test has anybody assigned."""
    file = partition(settings.features / "experiment_arms", as_of)
    arms = pd.read_parquet(file) if file.exists() else pd.DataFrame()
    rows = pd.DataFrame() if arms.empty else readouts(arms, limits())
    written = EXPERIMENT_READOUTS.write(settings.scores, as_of, rows)
    return [TableCount(EXPERIMENT_READOUTS.name, len(arms), written)], []


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
