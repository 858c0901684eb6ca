"""The strongest reasons of one customer: exact Shapley values, added up by cause, in words with the customer's numbers.

Correlated features (orders of 90 and of 180 days) share their weight at random, so the value of a single feature jumps
from night to night; their sum does not. A seed of causes states which features belong together and in which words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.feature_set import Matrix
from ml.reasons.causes import Cause, Causes

REASONS = 3
#: A cause that moves the odds by less than this (about 5 %) is no reason: noise moves them as much.
LEAST_CONTRIBUTION = 0.05


@dataclass(frozen=True)
class Reason:
    """One reason of one customer; `contribution` is in the unit of the model's margin, positive towards the outcome."""

    code: str
    english: str
    chinese: str
    contribution: float


def reasons_of(causes: Causes, values: Matrix, weights: npt.NDArray[np.float64]) -> list[Reason]:
    """The strongest causes that push one customer towards the outcome, at most `REASONS`; none if no cause does.

    The weight of a cause is the sum over its features. It is described by its strongest feature that lies on the risky
    side of the typical value. Causes without such a feature follow after the others, in neutral words and with the code
    `other_<cause>`, so that no playbook acts on a wording that is not true of the customer.

    Args:
        causes: causes of the model's features.
        values: the customer's features (features,).
        weights: their Shapley values (features,), positive towards the outcome.
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
        described: Cause = (fitting or pushing)[0]
        english, chinese = described.sentence(values[described.position])
        yield bool(fitting), Reason(code if fitting else f"other_{code}", english, chinese, total)
