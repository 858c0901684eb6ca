"""The training stage: features, fit, test, gate and registry of every model."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from threadpoolctl import threadpool_limits

from ml.promotion import submit
from ml.registry import Registry
from ml.use_case import use_cases
from warehouse.core.errors import ModelError
from warehouse.core.reports import StageReport, TableCount
from warehouse.core.settings import Settings

#: Models that are prepared at the same time; their long computations release Python's global lock.
AT_ONCE = 2


def train(settings: Settings, as_of: date) -> StageReport:
    """Train, test and register the models on data known by `as_of`; promote those that pass their gate.

    A model with too little data is not trained, with a note; its champion stays.
    """
    registry = Registry(settings)
    tables: list[TableCount] = []
    notes: list[str] = []
    models = [model for use_case in use_cases() for model in use_case.models]
    # One limit for all models: a limit that one of them sets and lifts would not hold for the other.
    with threadpool_limits(1), ThreadPoolExecutor(AT_ONCE) as pool:
        prepared = [pool.submit(model.prepare, settings, as_of) for model in models]
        for name, submission in zip((model.name for model in models), prepared, strict=True):
            try:
                table, messages = submit(registry, submission.result())
            except ModelError as error:
                stays = registry.champion(name)
                kept = f"version {stays.number} stays champion" if stays else "there is no champion yet"
                table, messages = (
                    TableCount(name, 0, 0, status="not trained"),
                    [f"{name}: not trained, {kept}: {error}"],
                )
            tables.append(table)
            notes += messages
    rows = sum(table.rows_in for table in tables)
    return StageReport("train", rows, sum(table.rows_out for table in tables), 0, tuple(tables), tuple(notes))
