"""Margin of one purchase of a customer: the gamma-gamma model.

Fader and Hardie 2013, "The Gamma-Gamma Model of Monetary Value". The purchases of a customer vary around that
customer's mean; the means vary between customers. The model assumes that the mean does not depend on how often a
customer buys; the metric `frequency_value_correlation` measures how far that holds.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln

from ml.use_cases.value.purchase_counts import HIGHEST, LOWEST, Floats

STARTS = ((1.0, 1.0, 0.0), (2.0, 0.5, 1.0))


@dataclass(frozen=True)
class PurchaseValues:
    """`p`: shape of the values of one customer; `q`, `gamma`: shape and scale (cents) between customers."""

    p: float
    q: float
    gamma: float
    is_converged: bool = True

    def to_json(self) -> dict[str, float | bool]:
        return asdict(self)

    @property
    def mean(self) -> float:
        """Expected value of a purchase of a customer without purchases."""
        return self.p * self.gamma / (self.q - 1)

    def expected(self, x: Floats, mean: Floats) -> Floats:
        """Expected value of a purchase (n,) of customers with `x` purchases of mean value `mean`, formula (5)."""
        return np.asarray(self.p * (self.gamma + x * np.maximum(mean, 0)) / (self.p * x + self.q - 1))


def log_likelihood(logarithms: Floats, x: Floats, mean: Floats) -> Floats:
    """Log-likelihood (n,), formula (1a); `logarithms` of p, q - 1 and gamma, as the mean exists for q above 1 only."""
    p, gamma = np.exp(logarithms[0]), np.exp(logarithms[2])
    q = 1 + np.exp(logarithms[1])
    shape = p * x
    return np.asarray(
        gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(gamma)
        + (shape - 1) * np.log(mean) + shape * np.log(x) - (shape + q) * np.log(gamma + x * mean)
    )  # fmt: skip


def fit(x: Floats, mean: Floats) -> PurchaseValues:
    """Maximum-likelihood parameters for customers with `x` purchases of mean value `mean`; only means above 0 count."""
    known = mean > 0
    x, mean = x[known], mean[known]
    scale = float(mean.mean())

    def loss(logarithms: Floats) -> float:
        return float(-log_likelihood(logarithms, x, mean / scale).mean())

    bounds = [(LOWEST, HIGHEST)] * 3
    found = [minimize(loss, start, method="L-BFGS-B", bounds=bounds) for start in STARTS]
    best = min(found, key=lambda result: float(result.fun))
    polished = minimize(
        loss, best.x, method="Nelder-Mead", bounds=bounds, options={"xatol": 1e-5, "fatol": 1e-9, "maxiter": 2000}
    )
    p, excess, gamma = np.exp(polished.x)
    return PurchaseValues(
        round(float(p), 6), round(float(1 + excess), 6), round(float(gamma * scale), 6), bool(polished.success)
    )
