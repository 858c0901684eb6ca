"""The score stage: champions, and statistics that need no training; Parquet in, Parquet out."""

from __future__ import annotations

from datetime import date

from ml.registry import Registry
from warehouse.reports import StageReport
from warehouse.settings import Settings


def score(settings: Settings, as_of: date) -> StageReport:
    """Score the night with the champion models; where there is none, its tables are empty and a note says what to do.

    Raises:
        ModelError: where the features of the night are missing or do not fit the champion.
    """
    from ml.churn import score as churn
    from ml.experiments import score as experiments
    from ml.journey import score as journey
    from ml.satisfaction import score as satisfaction

    registry = Registry(settings)
    counts, notes = [], []
    for model in (churn, satisfaction):
        counted, said = model.score(settings, registry, as_of)
        counts += counted
        notes += said
    for statistics in (journey, experiments):
        counted, said = statistics.score(settings, as_of)
        counts += counted
        notes += said
    return StageReport(
        "score",
        sum(count.rows_in for count in counts),
        sum(count.rows_out for count in counts),
        0,
        tuple(counts),
        tuple(notes),
    )
