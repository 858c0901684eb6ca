"""The score stage: champions, and statistics that need no training; Parquet in, Parquet out."""

from __future__ import annotations

from datetime import date

from ml.fallback import score_or_fall_back
from ml.registry import Registry
from ml.use_case import use_cases
from warehouse.core.reports import StageReport, TableCount
from warehouse.core.settings import Settings


def score(settings: Settings, as_of: date) -> StageReport:
    """Score the night with the champion models; where there is none, its tables are empty and a note says what to do.

    A champion that fails is stood in for by the version before it, with a note (`ml.fallback`).

    Raises:
        ModelError: where the features of the night are missing.
    """
    registry = Registry(settings)
    counts: list[TableCount] = []
    notes: list[str] = []
    for use_case in use_cases():
        counted, said = score_or_fall_back(use_case, settings, registry, as_of)
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
