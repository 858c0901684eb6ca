"""How much a purchase of a customer brings: the gamma-gamma model (Fader and Hardie 2013, "The Gamma-Gamma Model of
Monetary Value"). A customer's purchases vary around a mean of their own; the means vary between customers. It takes the
mean for unrelated to how often somebody buys; `frequency_correlation` says how far that is from the truth.
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
    """`p`: shape of the values of one customer; `q`, `gamma`: shape and scale of how customers differ. In cents."""

    p: float
    q: float
    gamma: float
    is_converged: bool = True

    def to_json(self) -> dict[str, float | bool]:
        return asdict(self)

    @property
    def mean(self) -> float:
        """Expected value of a purchase of a customer of whom nothing is known."""
        return self.p * self.gamma / (self.q - 1)

    def expected(self, x: Floats, mean: Floats) -> Floats:
        """Expected value (n,) of a purchase of those whose `x` purchases brought `mean`. Formula (5)."""
        return np.asarray(self.p * (self.gamma + x * np.maximum(mean, 0)) / (self.p * x + self.q - 1))


def log_likelihood(logarithms: Floats, x: Floats, mean: Floats) -> Floats:
    """Log-likelihood (n,); `logarithms` of p, q - 1 and gamma. Formula (1a); q is above 1, else there is no mean."""
    p, gamma = np.exp(logarithms[0]), np.exp(logarithms[2])
    q = 1 + np.exp(logarithms[1])
    shape = p * x
    return np.asarray(
        gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(gamma)
        + (shape - 1) * np.log(mean) + shape * np.log(x) - (shape + q) * np.log(gamma + x * mean)
    )  # fmt: skip


def fit(x: Floats, mean: Floats) -> PurchaseValues:
    """The most likely parameters for customers whose `x` purchases brought `mean` each; only `mean` above 0 counts."""
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
