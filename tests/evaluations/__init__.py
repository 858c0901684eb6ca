"""What the models are worth on real data: one module a data set, each with `evaluate(work)`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Evaluation:
    """The result of an evaluation: `figures` by name, and `text`, its part of `docs/models.md` in Markdown."""

    title: str
    figures: dict[str, float]
    text: str
