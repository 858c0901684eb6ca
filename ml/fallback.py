"""Fallback when a champion fails: the previous version scores instead; if that fails too, the tables are empty.

A champion fails when scoring raises any error (an unreadable file, missing columns), or when its probabilities are not
usable: missing, outside 0 to 1, or equal for all customers. An error of a statistic, which has no versions, ends the
stage; so does a night without features, which no version could score.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from ml.lake import partition
from ml.registry import Registry
from ml.use_case import Model, Scored, UseCase
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings

#: Features of all customer models; a night that was not built has none.
FEATURES = "customer_features"
#: Number of customers from which equal probabilities for all cannot be random.
SEVERAL = 20
_LOGGER = logging.getLogger(__name__)


def score_or_fall_back(use_case: UseCase, settings: Settings, registry: Registry, as_of: date) -> Scored:
    """Score with the champions; if one fails, with its previous version and a note; else write empty tables.

    Raises:
        ModelError: the night has no features.
    """
    if not use_case.models:
        return use_case.score(settings, registry, as_of)
    reason = ""
    for fallen in _attempts(use_case, registry):
        view = registry.falling_back(fallen)
        try:
            counts, notes = use_case.score(settings, view, as_of)
            failure = _unusable(use_case, settings, view, as_of)
        except Exception as error:
            if not partition(settings.features / FEATURES, as_of).exists():
                raise
            _LOGGER.exception("%s of %s with %s fallen back", use_case.name, as_of, fallen or "nothing")
            failure = f"{type(error).__name__}: {' '.join(str(error).split())}"
        if not failure:
            return counts, [*notes, *(_fallback_note(name, registry, reason) for name in fallen)]
        reason = reason or failure
    for table in use_case.tables:
        table.write(settings.scores, as_of, pd.DataFrame())
    counts = [TableCount(table.name, 0, 0, status="failed") for table in use_case.tables]
    return counts, [
        f"{use_case.name}: the champion failed and no earlier version works, so no customer is scored: {reason}"
    ]


def _attempts(use_case: UseCase, registry: Registry) -> Iterator[tuple[str, ...]]:
    """Sets of models that fall back to their previous version, the smallest set first."""
    yield ()
    names = [model.name for model in use_case.models if registry.previous(model.name)]
    yield from ((name,) for name in names)
    if len(names) > 1:
        yield tuple(names)


def _fallback_note(name: str, registry: Registry, reason: str) -> str:
    champion, previous = registry.champion(name), registry.previous(name)
    failed, instead = (version.number if version else "?" for version in (champion, previous))
    return f"{name}: version {failed} failed, version {instead} scored instead: {reason}"


def _unusable(use_case: UseCase, settings: Settings, registry: Registry, as_of: date) -> str:
    """The first problem of the probabilities just written, in words; empty if there is none."""
    found = (_problem(model, settings, registry, as_of) for model in use_case.models)
    return next(filter(None, found), "")


def _problem(model: Model, settings: Settings, registry: Registry, as_of: date) -> str:
    watched = model.watched
    if watched is None or registry.champion(model.name) is None:
        return ""
    file = partition(settings.scores / watched.table.name, as_of)
    values = pq.read_table(file, columns=[watched.column]).column(0).to_pandas().to_numpy(dtype=np.float64)
    name = f"{watched.table.name}.{watched.column}"
    if np.isnan(values).any():
        return f"{name} is missing for {int(np.isnan(values).sum())} of {len(values)} customers"
    if len(values) and (values.min() < 0 or values.max() > 1):
        return f"{name} lies between {values.min()} and {values.max()}, expected 0 to 1"
    if len(values) >= SEVERAL and values.min() == values.max():
        return f"{name} is {values[0]} for all {len(values)} customers"
    return ""
