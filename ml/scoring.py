"""The score stage: champions, and statistics without training; Parquet in, Parquet out."""

from __future__ import annotations

from datetime import date

from ml.fallback import score_or_fall_back
from ml.registry import Registry
from ml.use_case import use_cases
from warehouse.core.reports import StageReport, TableCount
from warehouse.core.settings import Settings


def score(settings: Settings, as_of: date) -> StageReport:
    """Score the night with the champions; without a champion, its tables are empty and a note states what to do.

    If a champion fails, the previous version scores instead, with a note (`ml.fallback`).

    Raises:
        ModelError: the features of the night are missing.
    """
    registry = Registry(settings)
    counts: list[TableCount] = []
    notes: list[str] = []
    for use_case in use_cases():
        written, messages = score_or_fall_back(use_case, settings, registry, as_of)
        counts += written
        notes += messages
    return StageReport(
        "score",
        sum(count.rows_in for count in counts),
        sum(count.rows_out for count in counts),
        0,
        tuple(counts),
        tuple(notes),
    )
