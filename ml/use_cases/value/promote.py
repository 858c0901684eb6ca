"""The gates of the two models of value."""

from __future__ import annotations

import math

#: Standard errors beyond which a difference is not attributed to chance (a count varies by its square root).
SURE = 3.0


def purchase_objections(figures: dict[str, float], is_converged: bool, most_factor: float) -> list[str]:
    """Why the model of purchases may not go live, in words.

    `most_factor` is the largest factor between predicted and actual purchases; the model has no seasons.
    """
    found = []
    if not is_converged:
        found.append("the fit did not converge")
    if not 1 / most_factor <= figures["purchases_ratio"] <= most_factor:
        found.append(
            f"{figures['purchases_predicted']:,.0f} purchases predicted, {figures['purchases']:,.0f} made: more than a "
            f"factor of {most_factor:g}"
        )
    if figures["purchases_correlation"] <= 0:
        found.append("customers predicted to buy more did not buy more")
    return found


def contract_objections(figures: dict[str, float], most_factor: float) -> list[str]:
    """Why the survival curves may not go live, in words.

    A factor above `most_factor` between predicted and actual losses is an objection only if chance cannot explain it.
    """
    predicted, actual = figures["losses_predicted"], figures["losses"]
    is_off = not 1 / most_factor <= predicted / max(actual, 1e-9) <= most_factor
    if is_off and abs(predicted - actual) > SURE * math.sqrt(max(predicted, actual, 1.0)):
        return [
            f"{predicted:,.0f} losses predicted, {actual:,.0f} happened: off by more than a factor of {most_factor:g} "
            "and by more than chance"
        ]
    return []
