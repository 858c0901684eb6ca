"""Which rows a model learns from and which it is tried on."""

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
    """(learn, check): the last snapshot, and those whose labels had matured by then; empty if there are none."""
    last = examples.days.max()
    learn, check = examples.days + horizon_days <= last, examples.days == last
    return [(learn, check)] if both_classes(examples, learn) and both_classes(examples, check) else []


def by_customer(examples: Examples) -> list[Split]:
    """Five folds in which a customer is only ever on one side; fewer where a fold has nobody."""
    folds = examples.folds
    return [(folds != fold, folds == fold) for fold in np.unique(folds)]


def stratified(examples: Examples) -> list[Split]:
    """Five folds with the same share of positives; for a single snapshot, where each customer is there once."""
    folder = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    splits = []
    for _, held_out in folder.split(examples.matrix, examples.truth):
        check = np.zeros(len(examples), dtype=bool)
        check[held_out] = True
        splits.append((~check, check))
    return splits


def both_classes(examples: Examples, mask: Mask) -> bool:
    """Whether both classes are among these rows, five of each at the least."""
    positives = examples.truth[mask].sum()
    return bool(min(positives, mask.sum() - positives) >= 5)
