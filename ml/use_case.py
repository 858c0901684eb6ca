"""A use case: one question that the night answers by a model or a statistic, and its parts.

A use case is a folder of `ml/use_cases/` with a file `use_case.py` that holds `USE_CASE`; the stages find it there.
Each of its files is one step: `features → train → evaluate → promote → register → score → explain → monitor`. A
use case has only the steps that it needs. `docs/add-a-model.md` adds a use case.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ml.classifier.target import Target
from ml.lake import ScoreTable
from ml.promotion import Submission
from ml.registry import Registry
from warehouse.core.errors import ModelError
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings

#: Rows written for a night, and notes for the user.
Scored = tuple[list[TableCount], list[str]]


@dataclass(frozen=True)
class Watched:
    """Probabilities that are monitored: `column` of `table`, with the model version in `version_column`.

    `target(settings, as_of)` returns their labels and population; it raises ModelError if there are none.
    """

    target: Callable[[Settings, date], Target]
    table: ScoreTable
    column: str
    version_column: str = "model_version"


@dataclass(frozen=True)
class Model:
    """A model that is trained and registered under `name`.

    `prepare(settings, as_of)` reads features, trains and tests; it raises ModelError if there is too little data, and
    then the champion stays. Probabilities that are `watched` are monitored every night.
    """

    name: str
    prepare: Callable[[Settings, date], Submission]
    watched: Watched | None = None


@dataclass(frozen=True)
class UseCase:
    """`score(settings, registry, as_of)` writes all of `tables` for the night, empty if there is no result.

    `models` are trained in this order; a statistic has none. A use case that `reads_scores` of others runs after them.
    """

    name: str
    tables: tuple[ScoreTable, ...]
    score: Callable[[Settings, Registry, date], Scored]
    models: tuple[Model, ...] = ()
    reads_scores: bool = False


def watched(name: str) -> Watched:
    """The monitored probabilities of the model `name`; a use case reads those of another this way, without an import.

    Raises:
        ModelError: no use case has such a model, or its probabilities are not watched.
    """
    for model in (model for use_case in use_cases() for model in use_case.models):
        if model.name == name and model.watched:
            return model.watched
    raise ModelError(f"no use case of ml/use_cases/ publishes probabilities of a model '{name}'")


def use_cases() -> list[UseCase]:
    """All use cases, ordered by name; those that read the scores of others last."""
    from ml import use_cases as rooms

    folders = sorted(folder.name for folder in pkgutil.iter_modules(rooms.__path__))
    found: list[UseCase] = [
        importlib.import_module(f"{rooms.__name__}.{folder}.use_case").USE_CASE for folder in folders
    ]
    return sorted(found, key=lambda use_case: use_case.reads_scores)
