"""A penalised logistic regression: stable where data are few, and able to extrapolate, which trees cannot.

Each quantity enters by its logarithm (sign kept), each category and each missing value as a column of its own; all are
standardised and penalised by a ridge. The fit is maximum likelihood under bounds, so that a weight whose sign is known
never has the wrong sign. As the model is additive, its Shapley values are its terms, measured from their mean
(Lundberg & Lee 2017, corollary 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from ml.booster import SEED
from ml.feature_set import Feature, FeatureSet, Matrix

Floats = npt.NDArray[np.float64]

MOST_ROWS = 30_000
#: Columns with a smaller standard deviation are left out.
LEAST_SPREAD = 1e-6
DIGITS = 8


@dataclass(frozen=True)
class Term:
    """One column of the design; `kind` is `line` (logarithm of a feature), `category` (equals `code`) or `missing`.

    Its contribution is `weight * (column - mean)`; a missing quantity counts as the mean.
    """

    position: int
    kind: str
    code: float = 0.0
    mean: float = 0.0
    weight: float = 0.0

    def column(self, values: npt.NDArray[np.floating]) -> Floats:
        """The column (n,), measured from its mean."""
        if self.kind == "missing":
            return np.asarray(np.isnan(values) - self.mean, dtype=np.float64)
        if self.kind == "category":
            return np.asarray((values == self.code) - self.mean, dtype=np.float64)
        wide = values.astype(np.float64)
        return np.nan_to_num(np.sign(wide) * np.log1p(np.abs(wide)) - self.mean)


@dataclass(frozen=True)
class LinearModel:
    """Log odds = `intercept` + the contributions of the terms."""

    intercept: float
    terms: tuple[Term, ...]

    def margin(self, matrix: Matrix) -> Floats:
        """Log odds (n,)."""
        found = np.full(len(matrix), self.intercept)
        for term in self.terms:
            found += term.weight * term.column(matrix[:, term.position])
        return found

    def contributions(self, matrix: Matrix) -> Floats:
        """Shapley values (n, features) in log odds."""
        found = np.zeros(matrix.shape)
        for term in self.terms:
            found[:, term.position] += term.weight * term.column(matrix[:, term.position])
        return found

    def to_json(self) -> dict[str, Any]:
        return {"intercept": self.intercept, "terms": [list(vars(term).values()) for term in self.terms]}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> LinearModel:
        return cls(content["intercept"], tuple(Term(*values) for values in content["terms"]))


def fit_linear(
    matrix: Matrix, truth: Floats, features: FeatureSet, signs: Mapping[str, int], ridge: float
) -> LinearModel:
    """Maximum penalised likelihood, on a fixed sample of at most `MOST_ROWS` rows.

    `ridge` is the penalty on squared weights of standardised columns, in units of the log likelihood of one row.
    """
    if len(matrix) > MOST_ROWS:
        chosen = np.sort(np.random.default_rng(SEED).choice(len(matrix), MOST_ROWS, replace=False))
        matrix, truth = matrix[chosen], truth[chosen]
    terms, columns, spreads = [], [np.ones(len(matrix))], [1.0]
    for term in (term for i, f in enumerate(features.features) for term in _terms(i, f)):
        raw = term.column(matrix[:, term.position])
        known = ~np.isnan(matrix[:, term.position]) if term.kind == "line" else slice(None)
        mean = float(raw[known].mean()) if len(raw[known]) else 0.0
        column = replace(term, mean=mean).column(matrix[:, term.position])
        if (spread := float(column.std())) > LEAST_SPREAD:
            terms.append(replace(term, mean=mean))
            columns.append(column / spread)
            spreads.append(spread)
    bounds = [(None, None), *(_bounds(features.features[t.position], t.kind, signs) for t in terms)]
    weights = _maximum_likelihood(np.column_stack(columns), truth, bounds, ridge) / np.array(spreads)
    rounded = [float(f"{weight:.{DIGITS}g}") for weight in weights]
    kept = [replace(term, weight=weight) for term, weight in zip(terms, rounded[1:], strict=True) if weight != 0.0]
    return LinearModel(rounded[0], tuple(kept))


def _maximum_likelihood(
    design: Floats, truth: Floats, bounds: list[tuple[float | None, float | None]], ridge: float
) -> Floats:
    penalty = np.full(design.shape[1], ridge)
    penalty[0] = 0.0

    def loss(weights: Floats) -> tuple[float, Floats]:
        margin = design @ weights
        value = float(np.logaddexp(0.0, margin).sum() - truth @ margin + 0.5 * penalty @ weights**2)
        return value, design.T @ (1.0 / (1.0 + np.exp(-margin)) - truth) + penalty * weights

    start = np.zeros(design.shape[1])
    with threadpool_limits(1):  # sums in the same order on every machine
        found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 200})
    return np.asarray(found.x)


def _terms(position: int, feature: Feature) -> list[Term]:
    missing = Term(position, "missing")
    if feature.categories:
        return [missing, *(Term(position, "category", float(code)) for code in range(len(feature.categories)))]
    return [missing, Term(position, "line")]


def _bounds(feature: Feature, kind: str, signs: Mapping[str, int]) -> tuple[float | None, float | None]:
    sign = signs.get(feature.name, 0) if kind == "line" else 0
    return (0.0, None) if sign > 0 else (None, 0.0) if sign < 0 else (None, None)
