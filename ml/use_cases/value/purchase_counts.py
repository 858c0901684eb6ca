"""Number of future purchases of a customer without a contract: the BG/NBD model.

Each customer buys at random times. Rates differ between customers (gamma distributed). After each purchase the customer
may leave for good, with a probability that also differs between customers (beta distributed). Fader, Hardie and Lee
2005, Marketing Science 24:275. Letters as in the paper: `x` repeat purchases, the last of
them `t_x` after the first purchase, which was `T` ago. Times are in weeks.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import eigh_tridiagonal
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

Floats = npt.NDArray[np.float64]

#: Bounds of the logarithms of the parameters; beyond them the curve hardly changes.
LOWEST, HIGHEST = -7.0, 9.0
STARTS = ((0.0, 1.0, 0.0, 0.0), (-1.0, 2.0, -0.5, 1.0), (0.5, 3.0, -2.0, 1.0))
NODES = 24


@dataclass(frozen=True)
class PurchaseCounts:
    """`r`, `alpha`: shape and rate (weeks) of the purchase rates; `a`, `b`: of the probabilities of leaving."""

    r: float
    alpha: float
    a: float
    b: float
    is_converged: bool = True

    def to_json(self) -> dict[str, float | bool]:
        return asdict(self)

    def alive(self, x: Floats, t_x: Floats, T: Floats) -> Floats:
        """Probability (n,) that the customer has not left (Fader, Hardie and Lee 2008, "Computing P(alive)")."""
        log_odds = np.log(self.a) - np.log(self.b + np.maximum(x, 1) - 1)
        log_odds = log_odds + (self.r + x) * np.log((self.alpha + T) / (self.alpha + t_x))
        return np.asarray(np.where(x > 0, 1 / (1 + np.exp(np.minimum(log_odds, 700))), 1.0))

    def expected(self, x: Floats, t_x: Floats, T: Floats, weeks: Floats) -> Floats:
        """Expected purchases (n, horizons) within each of `weeks` from now.

        The hypergeometric function of the published formula (10) loses all digits for frequent buyers. This is the same
        integral over the probability of leaving, by Gauss-Jacobi quadrature.
        """
        result = np.zeros((len(x), len(weeks)))
        alive = self.alive(x, t_x, T)
        for count in np.unique(x):
            rows = np.flatnonzero(x == count)
            leaving, weights = _beta_nodes(self.a, self.b + count)
            spent = 1 / (self.alpha + T[rows])
            for position, ahead in enumerate(weeks):
                growth = np.log1p(np.outer(spent * ahead, leaving))
                bought = -np.expm1(-(self.r + count) * growth) / leaving
                result[rows, position] = (bought @ weights) * alive[rows]
        return result


def log_likelihood(logarithms: Floats, x: Floats, t_x: Floats, T: Floats) -> Floats:
    """Log-likelihood of each customer (n,), formula (6) of the paper; `logarithms` are those of r, alpha, a and b."""
    r, alpha, a, b = np.exp(logarithms)
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    stayed = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + T)
    left = betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + t_x)
    return np.asarray(common + np.where(x > 0, np.logaddexp(stayed, left), stayed))


def fit(x: Floats, t_x: Floats, T: Floats, counts: Floats) -> PurchaseCounts:
    """Maximum-likelihood parameters; `counts` (n,) customers have each history (x, t_x, T in weeks)."""

    def loss(logarithms: Floats) -> float:
        likely = log_likelihood(logarithms, x, t_x, T)
        return float(-(counts @ likely) / counts.sum())

    bounds = [(LOWEST, HIGHEST)] * 4
    found = [minimize(loss, start, method="L-BFGS-B", bounds=bounds) for start in STARTS]
    best = min(found, key=lambda result: float(result.fun))
    polished = minimize(
        loss, best.x, method="Nelder-Mead", bounds=bounds, options={"xatol": 1e-5, "fatol": 1e-9, "maxiter": 2000}
    )
    r, alpha, a, b = (float(value) for value in np.exp(polished.x).round(6))
    return PurchaseCounts(r, alpha, a, b, bool(polished.success) and bool(np.isfinite(polished.fun)))


def _beta_nodes(a: float, b: float) -> tuple[Floats, Floats]:
    """Points and weights (nodes,) of Gauss quadrature under the beta distribution (Golub and Welsch 1969).

    From the recurrence of the Jacobi polynomials on [-1, 1] with exponents b - 1 and a - 1; SciPy's `roots_jacobi`
    overflows for b in the thousands.
    """
    order = np.arange(NODES, dtype=np.float64)
    total = a + b - 2
    double = 2 * order + total
    diagonal = (a - b) * total / np.where(order > 0, double * (double + 2), 1.0)
    diagonal[0] = (a - b) / (a + b)
    order, double = order[1:], double[1:]
    square = 4 * order * (order + b - 1) * (order + a - 1) / (double**2 * (double + 1))
    square *= np.where(order > 1, (order + total) / np.where(order > 1, double - 1, 1.0), 1.0)
    roots, vectors = eigh_tridiagonal(diagonal, np.sqrt(square))
    return (1 + roots) / 2, vectors[0] ** 2
