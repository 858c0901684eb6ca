"""The gate of the driver model."""

from __future__ import annotations

FEWEST_RESPONSES = 100
MOST_R2 = 0.98
R2_MARGIN = 0.05


def objections(figures: dict[str, float], champion: dict[str, float] | None = None) -> list[str]:
    """Why the model may not go live, in words.

    Args:
        figures: those of `evaluate`.
        champion: the figures that the champion's columns reach on the same responses.
    """
    found = []
    if figures["n"] < FEWEST_RESPONSES:
        found.append(f"only {figures['n']:.0f} responses, {FEWEST_RESPONSES} are needed")
    if figures["r2_low"] <= 0:
        found.append(
            f"R2 {figures['r2']:.3f} (from {figures['r2_low']:.3f}) is not better than the mean score: "
            "the available drivers do not explain the score"
        )
    if figures["r2"] > MOST_R2:
        found.append(f"R2 {figures['r2']:.3f} is implausibly high: a driver repeats the score")
    if champion and figures["r2"] < champion["r2"] - R2_MARGIN:
        found.append(f"R2 {figures['r2']:.3f} is worse than {champion['r2']:.3f} with the champion's drivers")
    return found
