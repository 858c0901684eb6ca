"""Points of the score per unit of a driver, with an interval: a partial regression, not the slopes of shrunken trees.

The score and the driver are both freed of what the other drivers, the step rated and missing values say about them by
linear regression; the slope of one remainder on the other is the effect (Frisch & Waugh 1933, Econometrica 1:387;
Robinson 1988, Econometrica 56:931). Its error allows for several answers of one customer (Liang & Zeger 1986,
Biometrika 73:13). Trees regularise, so the slopes of their Shapley values are too small and have no error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.feature_set import FeatureSet
from ml.metrics import Z95
from ml.satisfaction.features import Driver, Responses, scales_of

Floats = npt.NDArray[np.float64]
#: Fewer answers in which the driver is known, or a driver of which the others leave so little, tell no effect.
FEWEST, LEAST_LEFT = 30, 1e-6
#: Values beyond these quantiles count as these: a wrongly dated delivery must not decide a slope.
TAILS = (0.005, 0.995)


@dataclass(frozen=True)
class Effect:
    """Points of the score per unit (or doubling) of a driver, with its 95 % interval; NaN where it cannot be told."""

    value: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")


class Design:
    """The columns of some responses made ready for regression: scaled, tails cut, steps and missing values as flags."""

    def __init__(self, responses: Responses, features: FeatureSet) -> None:
        self._responses = responses
        self._features = features
        self._scales = scales_of(features)
        raw = responses.matrix.astype(np.float64)
        self._known = ~np.isnan(raw)
        self._columns = np.column_stack([self._column(raw, position) for position in range(raw.shape[1])])
        self._flags = _distinct([_dummies(responses.steps), (~self._known).astype(np.float64)])

    def effect(self, driver: Driver, rows: npt.NDArray[np.bool_]) -> Effect:
        """The effect of a driver's first column among some responses; its other columns are part of it."""
        lead = driver.positions[0]
        if self._scales[lead] == "category":
            return Effect()
        rows = rows & self._known[:, lead]
        others = [
            position
            for position, scale in enumerate(self._scales)
            if position not in driver.positions and scale != "category"
        ]
        if rows.sum() < FEWEST:
            return Effect()
        controls = np.column_stack([np.ones(rows.sum()), self._columns[rows][:, others], self._flags[rows]])
        both = np.column_stack([self._columns[rows, lead], self._responses.outcome[rows]])
        left = both - controls @ np.linalg.lstsq(controls, both, rcond=None)[0]
        return _slope(left[:, 0], left[:, 1], both[:, 0], self._responses.keys[rows], controls.shape[1])

    def _column(self, raw: Floats, position: int) -> Floats:
        values, known = raw[:, position], self._known[:, position]
        if not known.any():
            return np.zeros(len(values))
        if self._scales[position] == "doubling":
            values = np.log2(1 + np.maximum(values, 0))
        if len(np.unique(values[known])) > 2:
            values = np.clip(values, *np.quantile(values[known], TAILS))
        return np.asarray(np.where(known, values, values[known].mean()))


def _slope(driver: Floats, score: Floats, raw: Floats, keys: npt.NDArray[np.object_], controls: int) -> Effect:
    left = float(driver @ driver)
    if left <= LEAST_LEFT * max(float(np.var(raw)) * len(raw), 1e-12) or len(raw) <= controls + 1:
        return Effect()
    value = float(driver @ score) / left
    _, cluster = np.unique(keys.astype(str), return_inverse=True)
    moments = np.bincount(cluster, weights=driver * (score - value * driver))
    count, clusters = len(raw), len(moments)
    correction = clusters / max(clusters - 1, 1) * (count - 1) / (count - controls - 1)
    error = Z95 * float(np.sqrt(correction * (moments @ moments))) / left
    return Effect(value, value - error, value + error)


def _dummies(texts: npt.NDArray[np.object_]) -> Floats:
    named = texts.astype(str)
    return np.column_stack([(named == name).astype(np.float64) for name in np.unique(named)])


def _distinct(blocks: list[Floats]) -> Floats:
    """The columns that vary, each once."""
    columns = np.column_stack(blocks)
    columns = columns[:, columns.std(axis=0) > 0]
    return np.unique(columns, axis=1) if columns.shape[1] else columns
