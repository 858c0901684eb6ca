"""Splits of the examples into rows to fit on and rows to check."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedKFold

from ml.booster import SEED
from ml.classifier.examples import Examples
from ml.folds import FOLDS

Mask = npt.NDArray[np.bool_]
Split = tuple[Mask, Mask]


def out_of_time(examples: Examples, horizon_days: int) -> list[Split]:
    """(snapshots with labels known by the last one, the last snapshot); empty if either lacks a class."""
    last = examples.days.max()
    learn, check = examples.days + horizon_days <= last, examples.days == last
    return [(learn, check)] if both_classes(examples, learn) and both_classes(examples, check) else []


def by_customer(examples: Examples) -> list[Split]:
    """Five folds of customers; fewer if a fold is empty."""
    folds = examples.folds
    return [(folds != fold, folds == fold) for fold in np.unique(folds)]


def stratified(examples: Examples) -> list[Split]:
    """Five folds with the same share of positives, for a single snapshot."""
    folder = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    splits = []
    for _, held_out in folder.split(examples.matrix, examples.truth):
        check = np.zeros(len(examples), dtype=bool)
        check[held_out] = True
        splits.append((~check, check))
    return splits


def both_classes(examples: Examples, mask: Mask) -> bool:
    """Whether these rows have at least five of each class."""
    positives = examples.truth[mask].sum()
    return bool(min(positives, mask.sum() - positives) >= 5)
