"""The effect of a driver: points of the score per unit of the driver, from a partial regression, with an interval.

The score and the driver are both regressed on the other drivers, the step rated and flags of missing values. The effect
is the slope of one residual on the other (Frisch & Waugh 1933, Econometrica 1:387; Robinson 1988, Econometrica 56:931).
With enough responses the other drivers enter as piecewise linear functions; a curvature that is not modelled would be
credited to the driver. Standard errors are clustered by customer and by week (Cameron, Gelbach & Miller 2011, Journal
of Business & Economic Statistics 29:238). Slopes of Shapley values are not used: regularised trees understate them, and
they have no standard error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.drivers.names import Driver
from ml.drivers.responses import Responses
from ml.feature_set import FeatureSet
from ml.metrics import Z95

Floats = npt.NDArray[np.float64]
#: Fewest responses with a known driver, and the smallest share of its variance that the other drivers do not explain.
FEWEST, LEAST_LEFT = 30, 1e-6
#: Values are clipped to these quantiles, so that a wrong date does not decide a slope.
TAILS = (0.005, 0.995)
#: Knots of the piecewise linear functions, as quantiles; with fewer responses per column the functions stay linear.
KNOTS, RESPONSES_PER_COLUMN = (0.3, 0.5, 0.7, 0.9, 0.97), 10


@dataclass(frozen=True)
class Effect:
    """Points of the score per unit (or doubling) of a driver, with its 95 % interval; NaN if it cannot be estimated."""

    value: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")


class Design:
    """The columns of some responses prepared for regression: scaled, clipped, with flags of steps and missing values.

    `scales` has the unit of each column: `unit`, `doubling` or `category`.
    """

    def __init__(self, responses: Responses, features: FeatureSet, scales: Sequence[str]) -> None:
        self._responses = responses
        self._features = features
        self._scales = scales
        raw = responses.matrix.astype(np.float64)
        self._known = ~np.isnan(raw)
        self._columns = np.column_stack([self._column(raw, position) for position in range(raw.shape[1])])
        self._hinges = [_hinges(column) for column in self._columns.T]
        self._weeks = responses.days.astype("datetime64[W]").astype(np.int64)
        self._flags = _distinct([_dummies(responses.steps), (~self._known).astype(np.float64)])

    def effect(self, driver: Driver, rows: npt.NDArray[np.bool_]) -> Effect:
        """The effect of a driver's first column among the selected responses (n,).

        The other columns of the driver are no controls, so their effect is included.
        """
        lead = driver.positions[0]
        if self._scales[lead] == "category":
            return Effect()
        rows = rows & self._known[:, lead]
        others = [
            position
            for position, feature in enumerate(self._features.features)
            if position not in driver.positions and not feature.categories
        ]
        if rows.sum() < FEWEST:
            return Effect()
        controls = self._controls(rows, others)
        both = np.column_stack([self._columns[rows, lead], self._responses.outcome[rows]])
        solved, _, rank, _ = np.linalg.lstsq(controls, both, rcond=None)
        left = both - controls @ solved
        clusters = (self._responses.keys[rows].astype(str), self._weeks[rows])
        return _slope(left[:, 0], left[:, 1], both[:, 0], clusters, int(rank))

    def _controls(self, rows: npt.NDArray[np.bool_], others: list[int]) -> Floats:
        linear = [np.ones((rows.sum(), 1)), self._columns[rows][:, others], self._flags[rows]]
        piecewise = np.hstack([*linear, *(self._hinges[position][rows] for position in others)])
        return piecewise if len(piecewise) >= RESPONSES_PER_COLUMN * piecewise.shape[1] else np.hstack(linear)

    def _column(self, raw: Floats, position: int) -> Floats:
        values, known = raw[:, position], self._known[:, position]
        if not known.any():
            return np.zeros(len(values))
        if self._scales[position] == "doubling":
            values = np.log2(1 + np.maximum(values, 0))
        if len(np.unique(values[known])) > 2:
            values = np.clip(values, *np.quantile(values[known], TAILS))
        return np.asarray(np.where(known, values, values[known].mean()))


def _slope(
    driver: Floats, score: Floats, raw: Floats, clusters: tuple[npt.NDArray[Any], npt.NDArray[Any]], controls: int
) -> Effect:
    left = float(driver @ driver)
    if left <= LEAST_LEFT * max(float(np.var(raw)) * len(raw), 1e-12) or len(raw) <= controls + 1:
        return Effect()
    value = float(driver @ score) / left
    error = Z95 * float(np.sqrt(_spread(driver * (score - value * driver), clusters, controls))) / left
    return Effect(value, value - error, value + error)


def _spread(moments: Floats, clusters: tuple[npt.NDArray[Any], npt.NDArray[Any]], controls: int) -> float:
    """Variance of the sum of the moments, clustered by customer and week; at least that clustered by customer only."""
    first, second = (np.unique(names, return_inverse=True)[1] for names in clusters)
    both = np.unique(first * (second.max() + 1) + second, return_inverse=True)[1]
    one, other, shared = (float(np.square(np.bincount(way, weights=moments)).sum()) for way in (first, second, both))
    count, groups = len(moments), int(first.max()) + 1
    correction = groups / max(groups - 1, 1) * (count - 1) / (count - controls - 1)
    return correction * max(one, one + other - shared)


def _hinges(column: Floats) -> Floats:
    """Hinge functions max(column - knot, 0), (n, knots); none for a column with two values."""
    values = np.unique(column)
    knots = np.unique(np.quantile(column, KNOTS)) if len(values) > 2 else np.array([])
    return np.asarray(np.maximum(column[:, None] - knots[knots < values[-1]], 0))


def _dummies(texts: npt.NDArray[np.object_]) -> Floats:
    named = texts.astype(str)
    return np.column_stack([(named == name).astype(np.float64) for name in np.unique(named)])


def _distinct(blocks: list[Floats]) -> Floats:
    """The distinct columns that vary."""
    columns = np.column_stack(blocks)
    columns = columns[:, columns.std(axis=0) > 0]
    return np.unique(columns, axis=1) if columns.shape[1] else columns
