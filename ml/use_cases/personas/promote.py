"""The gate of the personas."""

from __future__ import annotations

#: Below it the groups are no groups. Kaufman and Rousseeuw (1990) ask 0.25 of a clear structure; what customers do in a
#: dozen traits seldom has that, and persons are still told apart by half of it.
LOWEST_SILHOUETTE = 0.1


def objections(figures: dict[str, float]) -> list[str]:
    """Why the personas may not go live, in words."""
    if figures["silhouette"] < LOWEST_SILHOUETTE:
        return [f"silhouette {figures['silhouette']:.3f} is below {LOWEST_SILHOUETTE:g}: the customers are of one kind"]
    return []
