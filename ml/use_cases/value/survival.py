"""Remaining time of a contract: hazards that are constant within bands of tenure, times a factor of the plan.

The hazards are those of the last year (a period life table), so that contracts older than the records do not bias them.
Bands and plans with few losses are shrunk: a band to the mean of all bands, a plan to 1. The more bands or plans
differ, the less they are shrunk (gamma-Poisson empirical Bayes, Clayton and Kaldor 1987, Biometrics 43:671; bands as in
Friedman 1982, Annals of Statistics 10:101).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from scipy.special import gammaln

from ml.use_cases.value.purchase_counts import Floats

MONTH_DAYS = 30.4375
#: Weights of the prior, in losses: 1 hardly shrinks a band, 10,000 shrinks it nearly to the mean.
PRIORS = np.geomspace(1, 10_000, 81)


@dataclass(frozen=True)
class Survival:
    """`starts`: days of tenure at which bands begin; `hazards`: losses per day in each; `factors`: of each plan."""

    starts: tuple[float, ...]
    hazards: tuple[float, ...]
    factors: dict[str, float]

    def to_json(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, object]) -> Survival:
        starts, hazards, factors = content["starts"], content["hazards"], content["factors"]
        return cls(tuple(starts), tuple(hazards), dict(factors))  # type: ignore[arg-type, call-overload]

    def surviving(self, tenure: Floats, strata: pd.Series[str], days: float) -> Floats:
        """Probability (n,) that a contract of `tenure` days runs for `days` more; an unknown plan has the factor 1."""
        factor = strata.map(self.factors).fillna(1.0).to_numpy(float)
        return np.asarray(np.exp(-factor * (self._cumulated(tenure + days) - self._cumulated(tenure))))

    def _cumulated(self, tenure: Floats) -> Floats:
        starts, hazards = np.array(self.starts), np.array(self.hazards)
        until = np.concatenate([[0.0], np.cumsum(np.diff(starts) * hazards[:-1])])
        band = np.clip(np.searchsorted(starts, tenure, side="right") - 1, 0, len(starts) - 1)
        return np.asarray(until[band] + (tenure - starts[band]) * hazards[band])


def fit(hazards: pd.DataFrame) -> Survival:
    """The curves from rows of `features.contract_hazards` of one day."""
    bands = hazards.groupby("tenure_from")[["contract_days", "loss_count"]].sum().sort_index()
    days, losses = bands["contract_days"].to_numpy(float), bands["loss_count"].to_numpy(float)
    mean = losses.sum() / days.sum()
    hazard = mean * _shrunk(losses, days * mean)
    expected = hazards["contract_days"] * hazards["tenure_from"].map(dict(zip(bands.index, hazard, strict=True)))
    strata = hazards.assign(expected=expected).groupby("stratum")[["expected", "loss_count"]].sum().sort_index()
    factors = _shrunk(strata["loss_count"].to_numpy(float), strata["expected"].to_numpy(float))
    return Survival(
        tuple(float(start) for start in [0, *bands.index[1:]]),
        tuple(float(value) for value in hazard.round(9)),
        {str(name): round(float(factor), 6) for name, factor in zip(strata.index, factors, strict=True)},
    )


def _shrunk(losses: Floats, expected: Floats) -> Floats:
    """Losses over expected losses (n,), shrunk to 1 with the most likely weight of the prior."""
    likelihoods = [_likelihood(losses, expected, prior) for prior in PRIORS]
    prior = float(PRIORS[int(np.argmax(likelihoods))])
    return np.asarray((losses + prior) / (expected + prior))


def _likelihood(losses: Floats, expected: Floats, prior: float) -> float:
    """Negative-binomial log-likelihood: the ratio of losses to `expected` is gamma distributed around 1."""
    share = expected / (prior + expected)
    parts = gammaln(losses + prior) - gammaln(prior) + prior * np.log1p(-share)
    return float(np.sum(parts + losses * np.log(np.maximum(share, 1e-300))))
