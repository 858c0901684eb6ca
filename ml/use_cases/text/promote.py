"""The gate of the sentiment model."""

from __future__ import annotations

from ml.use_cases.text.evaluate import Evaluation, figures_of
from ml.use_cases.text.sentiment import Sentiment

#: A challenger replaces the champion unless its ranked probability score is worse by more than this.
TOLERANCE = 0.002


def objections(evaluation: Evaluation, champion: Sentiment | None = None) -> list[str]:
    """Why the challenger may not go live: on held-out comments the lexicon or the champion is better."""
    own, lexicon = (
        evaluation.figures[name] for name in ("ranked_probability_score", "lexicon_ranked_probability_score")
    )
    found = []
    if evaluation.figures["gain_low"] <= 0:
        found.append(
            f"not significantly better than the lexicon (ranked probability score {own:.4f}, lexicon {lexicon:.4f})"
        )
    if champion is not None:
        other = figures_of(champion, evaluation.texts, evaluation.scores)["ranked_probability_score"]
        if own > other + TOLERANCE:
            found.append(f"worse than the champion (ranked probability score {own:.4f}, champion {other:.4f})")
    return found
