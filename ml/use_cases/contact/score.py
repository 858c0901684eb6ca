"""Nightly forecast of all customers: a ticket within 48 hours, a complaint within 7 days, and the likely category."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.classifier.score import load_champion, scored
from ml.classifier.target import Target
from ml.lake import connect, partition, relation
from ml.registry import Registry, Version
from ml.use_cases.contact.categories import FILE, SITUATION, Categories
from ml.use_cases.contact.features import complaint_target, ticket_target
from ml.use_cases.contact.tables import CONTACT_FORECAST
from warehouse.core.errors import ModelError
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings

TICKET_COLUMN, COMPLAINT_COLUMN = "ticket_probability_48h", "complaint_probability_7d"


def score(settings: Settings, registry: Registry, as_of: date) -> tuple[list[TableCount], list[str]]:
    """Write `contact_forecast` of the night; empty if neither model has a champion, or there are no tickets.

    Raises:
        ModelError: the night has no features, or lacks columns of a champion.
    """
    try:
        targets = {TICKET_COLUMN: ticket_target(settings, as_of), COMPLAINT_COLUMN: complaint_target(settings, as_of)}
    except ModelError as error:
        return _nothing(settings, as_of, f"contact_forecast: {error}")
    forecasts, notes = {}, []
    for column, target in targets.items():
        forecast = _forecast(settings, registry, as_of, target)
        if forecast is None:
            notes.append(f"contact_forecast: {target.name} has no champion, so {column} is empty; run `rapport train`")
        else:
            forecasts[column] = forecast
    if not forecasts:
        note = "contact_forecast: there is no champion, so no customer is scored; run `rapport train`"
        return _nothing(settings, as_of, note)
    rows = _ranked(_joined(forecasts), settings.config.retention.list_length)
    newest = next(iter(forecasts.values()))[0]
    rows = rows.assign(**_categories(settings, registry, as_of, newest, targets[TICKET_COLUMN]))
    rows = rows.assign(**_stamps(forecasts))
    written = CONTACT_FORECAST.write(settings.scores, as_of, rows)
    return [TableCount(CONTACT_FORECAST.name, len(rows), written)], notes


def _nothing(settings: Settings, as_of: date, note: str) -> tuple[list[TableCount], list[str]]:
    written = CONTACT_FORECAST.write(settings.scores, as_of, pd.DataFrame())
    return [TableCount(CONTACT_FORECAST.name, 0, written, status="no champion")], [note]


def _forecast(
    settings: Settings, registry: Registry, as_of: date, target: Target
) -> tuple[Version, npt.NDArray[np.object_], npt.NDArray[np.float64]] | None:
    """(version, keys (n,), probabilities (n,)), or None without a champion."""
    found = load_champion(registry, target)
    if found is None:
        return None
    version, model = found
    chunks = [(population.keys, predicted) for population, predicted in scored(settings, as_of, target, model)]
    empty = (np.array([], dtype=object), np.array([]))
    keys, predicted = (np.concatenate(parts) for parts in zip(*(chunks or [empty]), strict=True))
    return version, keys, predicted


def _joined(
    forecasts: dict[str, tuple[Version, npt.NDArray[np.object_], npt.NDArray[np.float64]]],
) -> pd.DataFrame:
    """One row per customer; both models score the same customers in the same order."""
    keys = next(iter(forecasts.values()))[1]
    return pd.DataFrame(
        {"customer_key": keys, **{column: predicted for column, (_, _, predicted) in forecasts.items()}}
    )


def _ranked(rows: pd.DataFrame, budget: int) -> pd.DataFrame:
    """Rank by the expected number of tickets and complaints, ties by key; the first `budget` are within the budget."""
    columns = [column for column in (TICKET_COLUMN, COMPLAINT_COLUMN) if column in rows]
    order = np.lexsort((rows["customer_key"].to_numpy().astype(str), -rows[columns].sum(axis=1).round(6).to_numpy()))
    rank = np.empty(len(rows), dtype=np.int64)
    rank[order] = np.arange(1, len(rows) + 1)
    return rows.assign(contact_rank=rank, is_within_budget=rank <= budget)


def _categories(
    settings: Settings, registry: Registry, as_of: date, version: Version, target: Target
) -> dict[str, pd.Series]:
    folder = registry.folder(version)
    if not (folder / FILE).exists():
        return {}
    file = partition(settings.features / target.features, as_of)
    situations = connect().execute(
        f"select {SITUATION} as situation from {relation([file])} where {target.eligible} order by customer_key"
    )
    likely = Categories.load(folder).likely(situations.df()["situation"])
    return {str(name): likely[name] for name in likely.columns}


def _stamps(forecasts: dict[str, tuple[Version, npt.NDArray[np.object_], npt.NDArray[np.float64]]]) -> dict[str, str]:
    stamps: dict[str, str] = {}
    for column, prefix in ((TICKET_COLUMN, ""), (COMPLAINT_COLUMN, "complaint_")):
        if column in forecasts:
            version = forecasts[column][0]
            stamps |= {f"{prefix}model_version": version.number, f"{prefix}run_id": version.run_id}
    return stamps
