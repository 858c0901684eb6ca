"""Nightly scores of a classifier: probabilities of the champion for all eligible customers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import numpy.typing as npt

from ml.classifier.examples import Population, read_population
from ml.classifier.target import Target
from ml.classifier.train import Classifier
from ml.registry import Registry, Version
from warehouse.core.settings import Settings

DIGITS = 6


def load_champion(registry: Registry, target: Target) -> tuple[Version, Classifier] | None:
    """The version that scores tonight and its model, or None if there is no champion."""
    champion = registry.champion(target.name)
    return (champion, Classifier.load(registry.folder(champion), target.name)) if champion else None


def scored(
    settings: Settings, as_of: date, target: Target, model: Classifier
) -> Iterator[tuple[Population, npt.NDArray[np.float64]]]:
    """All eligible customers of `as_of`, in chunks ordered by customer, with probabilities rounded to six digits.

    Raises:
        ModelError: the night has no features, or lacks columns of the champion.
    """
    for population in read_population(settings, as_of, target, model.features):
        yield population, np.round(model.probabilities(population.matrix), DIGITS)
