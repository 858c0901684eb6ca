"""Longer questionnaires for some of those asked about the relationship: SERVQUAL triples and Kano pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demo.day import Day, constant
from demo.typing import Array, Texts


@dataclass(frozen=True)
class Dimension:
    """A SERVQUAL dimension: typical expectation (1 to 7), gap of perception, importance points out of 100."""

    expectation: float
    gap: float
    importance: int


@dataclass(frozen=True)
class Feature:
    """A feature of the Kano questionnaire: its category and the typical answers to having and to lacking it.

    Answers: 1 I like it, 2 I expect it, 3 neutral, 4 I can live with it, 5 I dislike it.
    """

    category: str
    functional: int
    dysfunctional: int


#: The gap at average satisfaction; a unit of satisfaction adds 0.9 to perception.
DIMENSIONS = {
    "reliability": Dimension(6.4, -0.9, 32),
    "responsiveness": Dimension(6.1, -1.1, 24),
    "assurance": Dimension(5.9, -0.3, 18),
    "empathy": Dimension(5.5, -0.5, 15),
    "tangibles": Dimension(4.8, 0.1, 11),
}
FEATURES = {
    "delivery_tracking": Feature("must_be", 2, 5),
    "price_guarantee": Feature("one_dimensional", 1, 5),
    "callback": Feature("attractive", 1, 4),
    "loyalty_points": Feature("attractive", 1, 3),
    "paper_bill": Feature("indifferent", 3, 3),
    "sales_calls": Feature("reverse", 5, 2),
}
#: Share of answers one step off the typical one, and share of respondents who tick the same extreme twice.
_ELSEWHERE, _CARELESS = 0.2, 0.02
_SERVQUAL_SHARE, _KANO_SHARE = 0.25, 0.15


def ask_more(day: Day, response_ids: Texts, is_relationship: Array, score: Array) -> None:
    """Write the answers of a quarter (SERVQUAL) and of others (Kano) of the relationship responses."""
    random = day.random("questionnaires")
    drawn = random.random(response_ids.size)
    pairs = is_relationship & (drawn < _SERVQUAL_SHARE)
    _ask_servqual(day, random, response_ids[pairs], score[pairs])
    _ask_kano(day, random, response_ids[is_relationship & (drawn > 1 - _KANO_SHARE)])


def _ask_servqual(day: Day, random: np.random.Generator, ids: Texts, score: Array) -> None:
    count = ids.size
    points = np.array([dimension.importance for dimension in DIMENSIONS.values()], dtype=float)
    importance = random.multinomial(20, random.dirichlet(points * 0.4, count)) * 5
    for column, (name, dimension) in enumerate(DIMENSIONS.items()):
        expectation = np.clip(np.rint(random.normal(dimension.expectation, 0.7, count)), 1, 7)
        felt = dimension.expectation + dimension.gap + 0.9 * score + random.normal(0, 0.8, count)
        _write(day, ids, f"servqual_{name}_expectation", expectation)
        _write(day, ids, f"servqual_{name}_perception", np.clip(np.rint(felt), 1, 7))
        _write(day, ids, f"servqual_{name}_importance", importance[:, column])


def _ask_kano(day: Day, random: np.random.Generator, ids: Texts) -> None:
    count = ids.size
    careless = random.random(count) < _CARELESS
    for name, feature in FEATURES.items():
        for question, typical in (("functional", feature.functional), ("dysfunctional", feature.dysfunctional)):
            elsewhere = random.random(count) < _ELSEWHERE
            step = np.where(random.random(count) < 0.5, -1, 1)
            answer = np.clip(typical + np.where(elsewhere, step, 0), 1, 5)
            _write(day, ids, f"kano_{name}_{question}", np.where(careless, 1, answer))


def _write(day: Day, response_ids: Texts, question: str, value: Array) -> None:
    if response_ids.size:
        day.write(
            "answers",
            response_id=response_ids,
            question_code=constant(question, response_ids.size),
            answer_value=value.astype(np.int64),
        )
