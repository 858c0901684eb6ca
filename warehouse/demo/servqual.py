"""Longer questionnaires for some of those asked about the relationship: SERVQUAL pairs and Kano pairs."""

from __future__ import annotations

import numpy as np

from warehouse.demo.day import Day, constant
from warehouse.demo.typing import Array, Texts

#: Expectation (1 to 7) and how far perception lies under it at satisfaction 0.
DIMENSIONS = {
    "reliability": (6.4, -0.7),
    "responsiveness": (6.1, -0.8),
    "assurance": (5.9, -0.2),
    "empathy": (5.5, -0.4),
    "tangibles": (4.8, 0.1),
}
#: Answers (1 like it, 2 expect it, 3 neutral, 4 can live with it, 5 dislike it) to having and to lacking a feature.
FEATURES = {"delivery_tracking": (2, 5), "callback": (1, 4), "loyalty_points": (1, 3), "paper_bill": (3, 3)}


def ask_more(day: Day, response_ids: Texts, is_relationship: Array, score: Array) -> None:
    """Write the answers of a fifth (SERVQUAL) and another tenth (Kano) of the relationship responses."""
    random = day.random("questionnaires")
    drawn = random.random(response_ids.size)
    pairs = is_relationship & (drawn < 0.2)
    for dimension, (expected, gap) in DIMENSIONS.items():
        count = int(pairs.sum())
        expectation = np.clip(np.rint(random.normal(expected, 0.7, count)), 1, 7)
        perception = np.clip(np.rint(expected + gap + 0.9 * score[pairs] + random.normal(0, 0.8, count)), 1, 7)
        _write(day, response_ids[pairs], f"servqual_{dimension}_expectation", expectation)
        _write(day, response_ids[pairs], f"servqual_{dimension}_perception", perception)
    kano = is_relationship & (drawn > 0.9)
    for feature, answers in FEATURES.items():
        for question, typical in zip(("functional", "dysfunctional"), answers, strict=True):
            answer = np.clip(typical + random.choice([-1, 0, 0, 0, 1], int(kano.sum())), 1, 5)
            _write(day, response_ids[kano], f"kano_{feature}_{question}", answer)


def _write(day: Day, response_ids: Texts, question: str, value: Array) -> None:
    day.write(
        "answers",
        response_id=response_ids,
        question_code=constant(question, response_ids.size),
        answer_value=value.astype(np.int64),
    )
