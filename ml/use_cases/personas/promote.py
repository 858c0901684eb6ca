"""The gate of the personas."""

from __future__ import annotations


def objections(figures: dict[str, float], lowest_silhouette: float) -> list[str]:
    """Why the personas may not go live, in words.

    Kaufman & Rousseeuw (1990) require a silhouette of 0.25 for a clear structure. The behaviour of customers in a dozen
    traits seldom reaches that, so the threshold is lower.
    """
    if figures["silhouette"] < lowest_silhouette:
        return [f"silhouette {figures['silhouette']:.3f} is below {lowest_silhouette:g}: the customers form no groups"]
    return []
