"""Intervals by resampling rows (Efron's percentile bootstrap), the same every time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from warehouse.core.configuration import TrainingConfig

Floats = npt.NDArray[np.float64]

SEED = 20260901
#: Of more rows than this a fixed sample is resampled; the interval is then that of the sample, on the safe side.
MOST_ROWS = 5_000


def intervals(
    truth: Floats,
    figures: Callable[[npt.NDArray[np.int64]], Mapping[str, float]],
    resamples: int = TrainingConfig().resamples,
) -> dict[str, tuple[float, float]]:
    """95 % interval of each figure that `figures` computes of some rows (given as positions, with repetition).

    Positives and others are resampled apart, so that each resample holds as many of both as the rows do.
    """
    generator = np.random.default_rng(SEED)
    kept = np.arange(len(truth))
    if len(kept) > MOST_ROWS:
        kept = np.sort(generator.choice(kept, MOST_ROWS, replace=False))
    groups = [kept[truth[kept] == value] for value in (0.0, 1.0)]
    drawn = [
        figures(
            np.concatenate([group[generator.integers(0, len(group), len(group))] for group in groups if len(group)])
        )
        for _ in range(resamples)
    ]
    return {name: tuple(np.quantile([one[name] for one in drawn], (0.025, 0.975)).tolist()) for name in drawn[0]}
