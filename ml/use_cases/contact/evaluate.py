"""Comparison of the model with a naive list of the same length: the customers with most contacts last week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from ml.metrics import auc

DIGITS = 6


@dataclass(frozen=True)
class Comparison:
    """Precision at the budget (0-1) with its interval and AUC, of the model and of the naive list on the same rows."""

    budget: int
    precision: float
    precision_low: float
    precision_high: float
    naive_precision: float
    naive_precision_low: float
    naive_precision_high: float
    auc: float
    naive_auc: float

    def metrics(self) -> dict[str, float]:
        """The figures by their names in MLflow."""
        return {
            "budget": float(self.budget),
            "precision_at_budget": self.precision,
            "precision_at_budget_low": self.precision_low,
            "precision_at_budget_high": self.precision_high,
            "naive_precision_at_budget": self.naive_precision,
            "naive_precision_at_budget_low": self.naive_precision_low,
            "naive_precision_at_budget_high": self.naive_precision_high,
            "naive_auc": self.naive_auc,
        }

    def sentence(self) -> str:
        """The comparison as a text of the model card."""
        return (
            f"Of the {self.budget} customers ranked highest, the prediction came true for {self.precision:.1%} (95 % "
            f"{self.precision_low:.1%} to {self.precision_high:.1%}); of the same number with the most contacts in the "
            f"week before, for {self.naive_precision:.1%} ({self.naive_precision_low:.1%} to "
            f"{self.naive_precision_high:.1%}). Over all customers the ranking has AUC {self.auc:.3f}, a ranking by "
            f"last week's contacts {self.naive_auc:.3f}."
        )


def compare(rows: pd.DataFrame, probabilities: npt.NDArray[np.float64], budget: int) -> Comparison:
    """The model against the naive list on rows with the columns customer_key, truth, last_week (contacts and tickets).

    Ties are broken by key.
    """
    truth, count = rows["truth"].to_numpy(), min(budget, len(rows))
    keys, naive = rows["customer_key"].to_numpy().astype(str), rows["last_week"].to_numpy()
    hits, naive_hits = (int(truth[np.lexsort((keys, -by))[:count]].sum()) for by in (probabilities, naive))
    low, high = wilson(hits, count)
    naive_low, naive_high = wilson(naive_hits, count)
    return Comparison(
        count,
        hits / max(count, 1),
        low,
        high,
        naive_hits / max(count, 1),
        naive_low,
        naive_high,
        auc(truth, probabilities),
        auc(truth, naive),
    )


def wilson(hits: int, count: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927, JASA 22:209); 0 to 1 without rows."""
    if not count:
        return 0.0, 1.0
    low, high = proportion_confint(hits, count, alpha=0.05, method="wilson")
    return round(float(low), DIGITS), round(float(high), DIGITS)
