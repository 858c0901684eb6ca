"""The gate of the uplift learner."""

from __future__ import annotations


def objections(figures: dict[str, float]) -> list[str]:
    """Why the learner may not go live, in words."""
    if figures["qini_low"] <= 0:
        return [
            f"Qini {figures['qini']:.5f} (from {figures['qini_low']:.5f}) is not significantly better than a random "
            "order: the treatment changes all customers alike, or the test is too small to show whom it changes most"
        ]
    return []
