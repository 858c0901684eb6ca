"""Readouts of the declared tests of a night: features in, Parquet out."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ml.arms import Limits
from ml.lake import partition
from ml.registry import Registry
from ml.use_cases.experiments.readout import readouts
from ml.use_cases.experiments.tables import EXPERIMENT_READOUTS
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings


def score(settings: Settings, _: Registry, as_of: date) -> tuple[list[TableCount], list[str]]:
    """Write `experiment_readouts` of the night; empty if no customer is assigned to a declared test."""
    file = partition(settings.features / "experiment_arms", as_of)
    arms = pd.read_parquet(file) if file.exists() else pd.DataFrame()
    rows = pd.DataFrame() if arms.empty else readouts(arms, Limits.read(settings))
    written = EXPERIMENT_READOUTS.write(settings.scores, as_of, rows)
    return [TableCount(EXPERIMENT_READOUTS.name, len(arms), written)], []
