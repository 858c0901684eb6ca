"""Likely category of the next ticket: shares of categories by the last ticket's category and recent service failures.

Shares of groups with few tickets are shrunk to those of all customers by `prior_tickets` (Dirichlet prior; Gelman et
al., Bayesian Data Analysis, 3.4): share = (count + prior x share of all) / (tickets + prior).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

FILE = "categories.json"
#: SQL on `customer_features` of the group of a customer.
SITUATION = (
    "coalesce(last_ticket_category, 'none') || case when coalesce(overdue_orders, 0) > 0 then ', order overdue' "
    "when coalesce(outage_minutes_7d, 0) > 0 then ', service failed' else '' end"
)
DIGITS = 6


@dataclass(frozen=True)
class Categories:
    """`overall` is the share of each category; `groups` are the shares in each situation, shrunk to it."""

    overall: dict[str, float]
    groups: dict[str, dict[str, float]]

    def likely(self, situations: pd.Series) -> pd.DataFrame:
        """The most probable category of each situation with its probability; empty if there were no tickets."""
        best = {name: _best(self.groups.get(name, self.overall)) for name in situations.unique()}
        found = situations.map(best)
        return pd.DataFrame(
            {"likely_category": found.str[0], "category_probability": found.str[1].astype(float)},
            index=situations.index,
        )

    def save(self, folder: Path) -> None:
        content = {"overall": self.overall, "groups": self.groups}
        (folder / FILE).write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Categories:
        return cls(**json.loads((folder / FILE).read_text(encoding="utf-8")))


def learn(rows: pd.DataFrame, prior_tickets: float) -> Categories:
    """The shares in these tickets (columns `situation` and `category`)."""
    overall = rows["category"].value_counts(normalize=True).sort_index()
    counts = pd.crosstab(rows["situation"], rows["category"]).sort_index()
    shares = (counts + prior_tickets * overall).div(counts.sum(axis=1) + prior_tickets, axis=0)
    return Categories(_rounded(overall), {str(name): _rounded(row) for name, row in shares.iterrows()})


def hit_rates(learnt: pd.DataFrame, later: pd.DataFrame, prior_tickets: float) -> dict[str, float]:
    """How often the likely category was right on later tickets, and how often the overall most frequent one was."""
    if learnt.empty or later.empty:
        return {}
    categories = learn(learnt, prior_tickets)
    likely = categories.likely(later["situation"])["likely_category"]
    usual = _best(categories.overall)[0]
    return {
        "category_hit_rate": round(float(np.mean(likely == later["category"])), DIGITS),
        "category_hit_rate_most_frequent": round(float(np.mean(later["category"] == usual)), DIGITS),
        "category_n": float(len(later)),
    }


def _best(shares: dict[str, float]) -> tuple[str | None, float]:
    if not shares:
        return None, float("nan")
    category = min(shares, key=lambda name: (-shares[name], name))
    return category, shares[category]


def _rounded(shares: pd.Series) -> dict[str, float]:
    return {str(name): round(float(share), DIGITS) for name, share in shares.items()}
