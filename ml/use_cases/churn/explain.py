"""Reasons in plain words: exact Shapley values, added up by cause, told with the customer's own numbers.

Features that say the same thing (orders of 90 and of 180 days) share their weight at random, so a single feature's
value jumps from night to night; their sum does not. `seeds/churn_causes.csv` says which belong together and in which
words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.classifier.examples import Population
from ml.classifier.train import Classifier
from ml.feature_set import Matrix
from ml.use_cases.churn.causes import Cause, Causes, read_causes
from warehouse.core.settings import Settings

REASONS = 3
#: A cause that moves the odds by less than this (about 5 %) is not a reason: so little is learnt from noise as well.
LEAST_CONTRIBUTION = 0.05
#: Told of whom nothing pushes: such a customer is looked at for what is at stake, and the list must not be silent.
NOTHING_STANDS_OUT = (
    "nothing_stands_out",
    "Nothing speaks for leaving more than usual: what counts is the value at stake",
    "没有比一般情况更突出的流失原因：看重的是所涉价值",  # noqa: RUF001
)


class Shortlist:
    """The customers worth explaining: the `length` highest by risk and the `length` highest by value at risk."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._kept: list[pd.DataFrame] = []
        self._rows: dict[str, npt.NDArray[np.float32]] = {}

    @property
    def size(self) -> int:
        return len(self.chosen())

    def offer(self, population: Population, probabilities: npt.NDArray[np.float64]) -> None:
        """Consider some more customers; ties are broken by key."""
        offered = pd.DataFrame(
            {"key": population.keys, "risk": probabilities, "value": probabilities * population.value_cents}
        )
        positions = self._best(offered).index
        self._kept = [self._best(pd.concat([*self._kept, offered.loc[positions]], ignore_index=True))]
        self._rows |= {str(population.keys[position]): population.matrix[position] for position in positions}
        self._rows = {key: self._rows[key] for key in map(str, self._kept[0]["key"])}

    def _best(self, frame: pd.DataFrame) -> pd.DataFrame:
        chosen = [
            frame.sort_values([by, "key"], ascending=[False, True]).index[: self._length] for by in ("risk", "value")
        ]
        return frame.loc[chosen[0].union(chosen[1])]

    def chosen(self) -> list[str]:
        """Their keys, in order."""
        return sorted(self._rows)

    def matrix(self) -> Matrix:
        """Their rows, in the order of `chosen`."""
        return np.stack([self._rows[key] for key in self.chosen()])


@dataclass(frozen=True)
class Reason:
    """One reason of one customer; `contribution` is in log odds, positive towards leaving."""

    code: str
    english: str
    chinese: str
    contribution: float


def explain(settings: Settings, model: Classifier, shortlist: Shortlist) -> pd.DataFrame:
    """Up to three reasons per customer of the shortlist, the strongest first, as rows of `churn_reasons`."""
    keys = shortlist.chosen()
    if not keys:
        return pd.DataFrame()
    matrix = shortlist.matrix()
    contributions = model.contributions(matrix)
    causes = read_causes(model.features, settings.config.currency)
    rows = [
        {
            "customer_key": key,
            "reason_rank": rank,
            "reason_code": reason.code,
            "reason_en": reason.english,
            "reason_zh": reason.chinese,
            "contribution": reason.contribution,
        }
        for key, values, weights in zip(keys, matrix, contributions, strict=True)
        for rank, reason in enumerate(
            reasons_of(causes, values, weights) or [Reason(*NOTHING_STANDS_OUT, 0.0)], start=1
        )
    ]
    return pd.DataFrame(rows)


def reasons_of(causes: Causes, values: Matrix, weights: npt.NDArray[np.float64]) -> list[Reason]:
    """The strongest causes that push this customer towards leaving, with words that are true of the customer.

    A cause counts with the sum of its features. It is told through its strongest feature that lies on the risky side of
    what is typical. Causes that have none come after those that have, in neutral words and as `other_<cause>`, so that
    no playbook acts on what is not so. Where no cause pushes there is no reason.
    """
    found = list(_candidates(causes, values, weights))
    found.sort(key=lambda item: (not item[0], -item[1].contribution, item[1].code))
    return [reason for _, reason in found[:REASONS]]


def _candidates(causes: Causes, values: Matrix, weights: npt.NDArray[np.float64]) -> Iterator[tuple[bool, Reason]]:
    for code, members in causes.members.items():
        total = round(float(sum(weights[cause.position] for cause in members)), 6)
        pushing = [cause for cause in members if weights[cause.position] > 0]
        if total < LEAST_CONTRIBUTION or not pushing:
            continue
        pushing.sort(key=lambda cause: (-round(float(weights[cause.position]), 6), cause.position))
        fitting = [cause for cause in pushing if cause.fits(values[cause.position])]
        told: Cause = (fitting or pushing)[0]
        english, chinese = told.sentence(values[told.position])
        yield bool(fitting), Reason(code if fitting else f"other_{code}", english, chinese, total)
