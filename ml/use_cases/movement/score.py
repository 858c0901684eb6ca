"""Nightly: the change of NPS, CSAT and mean churn risk over each window, split into parts that add up."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ml.drivers.responses import minimum_sample_of
from ml.lake import partition, read_seed
from ml.registry import Registry
from ml.use_case import Scored
from ml.use_cases.movement.answers import Comparison, compare_answers
from ml.use_cases.movement.risks import compare_risks
from ml.use_cases.movement.split import DIGITS, MIX, MODEL_VERSION, UNEXPLAINED, split
from ml.use_cases.movement.tables import METRIC_MOVEMENTS
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings

WINDOWS = "movement_windows"
_NAMES = {
    UNEXPLAINED: ("Not explained by the drivers", "驱动因素未能解释"),
    MODEL_VERSION: ("Another version of the model", "模型版本变化"),
}


def score(settings: Settings, registry: Registry, as_of: date) -> Scored:
    """Write `metric_movements` of the night. A metric without values in one of the periods has no rows."""
    windows = read_seed(settings, WINDOWS)
    answer_days, risk_days = (
        sorted(windows.loc[windows["compares"] == compares, "days"].astype(int)) for compares in ("answers", "risks")
    )
    found: list[Comparison] = []
    if partition(settings.features / "survey_drivers", as_of).exists():
        for days in answer_days:
            found += compare_answers(settings, registry, as_of, days)
    for days in risk_days:
        found += compare_risks(settings, registry, as_of, days)
    minimum_sample = minimum_sample_of(settings)
    rows = [_rows(comparison, minimum_sample) for comparison in found]
    frame = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()
    written = METRIC_MOVEMENTS.write(settings.scores, as_of, frame)
    counts = [TableCount(METRIC_MOVEMENTS.name, sum(len(c.after.values) for c in found), written)]
    if rows:
        return counts, []
    return counts, ["metric_movements: no rows: there are neither responses in two periods nor earlier churn scores"]


def _rows(comparison: Comparison, minimum_sample: float) -> pd.DataFrame:
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
        is_reportable=min(len(before), len(after)) >= minimum_sample,
        model_version_before=comparison.versions[0],
        model_version_after=comparison.versions[1],
    )
