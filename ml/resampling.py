"""The bootstrap of the house: seeded resamples of rows, and Efron's percentile intervals from them.

`scipy.stats.bootstrap` draws in another order and resamples one group only; published intervals depend on these draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from warehouse.core.configuration import TrainingConfig

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]

SEED = 20260901
#: Of more rows than this a fixed sample is resampled; its interval is wider than that of all rows.
MOST_ROWS = 5_000


def intervals(
    truth: Floats,
    figures: Callable[[Positions], Mapping[str, float]],
    resamples: int = TrainingConfig().resamples,
) -> dict[str, tuple[float, float]]:
    """95 % interval of each figure, with positives and negatives resampled separately.

    Args:
        truth: 0 or 1 of each row (n,).
        figures: computes figures by name from row positions, which may repeat.
        resamples: number of bootstrap resamples.
    """
    generator = np.random.default_rng(SEED)
    kept = np.arange(len(truth))
    if len(kept) > MOST_ROWS:
        kept = np.sort(generator.choice(kept, MOST_ROWS, replace=False))
    groups = [kept[truth[kept] == value] for value in (0.0, 1.0)]
    drawn = [figures(rows) for rows in stratified(groups, resamples, generator)]
    return {name: percentile_interval([one[name] for one in drawn]) for name in drawn[0]}


def stratified(groups: Sequence[Positions], resamples: int, generator: np.random.Generator) -> Iterator[Positions]:
    """Row positions of each resample: every group is drawn from itself, with replacement, at its own size."""
    for _ in range(resamples):
        yield np.concatenate([group[generator.integers(0, len(group), len(group))] for group in groups if len(group)])


def draw_counts(count: int, resamples: int, seed: int = SEED) -> Positions:
    """How often each of `count` rows is drawn in each resample (resamples, count)."""
    return np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), resamples)


def percentile_interval(values: Sequence[float] | Floats) -> tuple[float, float]:
    """The middle 95 % of the resampled values."""
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)
