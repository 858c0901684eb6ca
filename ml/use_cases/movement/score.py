"""Nightly: the change of NPS, CSAT and mean churn risk over each window, split into parts that add up."""

from __future__ import annotations

import csv
from datetime import date

import pandas as pd

from ml.lake import partition
from ml.registry import Registry
from ml.use_cases.movement.answers import Comparison, compare_answers
from ml.use_cases.movement.risks import compare_risks
from ml.use_cases.movement.split import DIGITS, MIX, MODEL_VERSION, UNEXPLAINED, split
from ml.use_cases.movement.tables import METRIC_MOVEMENTS
from warehouse.core.reports import TableCount
from warehouse.core.settings import PROJECT, Settings

WINDOWS = PROJECT / "dbt_project" / "seeds" / "movement_windows.csv"
REPORTABLE = 30
_NAMES = {
    UNEXPLAINED: ("Not explained by the drivers", "驱动因素未能解释"),
    MODEL_VERSION: ("Another version of the model", "模型版本变化"),
}


def score(settings: Settings, registry: Registry, as_of: date) -> tuple[list[TableCount], list[str]]:
    """Write `metric_movements` of the night. A metric without values in one of the periods has no rows."""
    found: list[Comparison] = []
    if partition(settings.features / "survey_drivers", as_of).exists():
        for days in _windows("answers"):
            found += compare_answers(settings, registry, as_of, days)
    for days in _windows("risks"):
        found += compare_risks(settings, registry, as_of, days)
    rows = [_rows(comparison) for comparison in found]
    frame = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()
    written = METRIC_MOVEMENTS.write(settings.scores, as_of, frame)
    notes = (
        []
        if rows
        else ["metric_movements: no rows, because there are neither responses in two periods nor earlier churn scores"]
    )
    return [TableCount(METRIC_MOVEMENTS.name, sum(len(c.after.values) for c in found), written)], notes


def _windows(compares: str) -> list[int]:
    with WINDOWS.open(encoding="utf-8", newline="") as lines:
        return sorted(int(row["days"]) for row in csv.DictReader(lines) if row["compares"] == compares)


def _rows(comparison: Comparison) -> pd.DataFrame:
    before, after = comparison.before.values, comparison.after.values
    parts = split(comparison.before, comparison.after)
    value_before, value_after = round(float(before.mean()), DIGITS), round(float(after.mean()), DIGITS)
    names = [
        (code, code) if part == MIX else comparison.names.get(code, _NAMES.get(code, (code, code)))
        for part, code in zip(parts["part"], parts["part_code"], strict=True)
    ]
    return parts.assign(
        metric=comparison.metric,
        segment=comparison.segment,
        days=comparison.days,
        before_from=comparison.dates[0],
        before_to=comparison.dates[1],
        after_from=comparison.dates[2],
        after_to=comparison.dates[3],
        part_en=[name[0] for name in names],
        part_zh=[name[1] for name in names],
        value_before=value_before,
        value_after=value_after,
        change=round(value_after - value_before, DIGITS),
        count_before=len(before),
        count_after=len(after),
        is_reportable=min(len(before), len(after)) >= REPORTABLE,
        model_version_before=comparison.versions[0],
        model_version_after=comparison.versions[1],
    )
