"""The gates of the two models of value."""

from __future__ import annotations

import math

#: The sum foretold may be off by this factor; a season may do half of that to a model that knows none.
MOST_FACTOR = 2.0
#: Losses come more evenly; a smaller factor is only held against a curve where chance does not explain it.
MOST_LOSS_FACTOR = 1.35
SURE = 3.0


def purchase_objections(figures: dict[str, float], is_converged: bool) -> list[str]:
    """Why the model of purchases may not go live, in words."""
    found = []
    if not is_converged:
        found.append("the fit did not converge")
    ratio = figures["purchases_ratio"]
    if not 1 / MOST_FACTOR <= ratio <= MOST_FACTOR:
        found.append(
            f"{figures['purchases_foretold']:,.0f} purchases foretold, {figures['purchases']:,.0f} came: more than a "
            f"factor of {MOST_FACTOR:g}"
        )
    if figures["purchases_correlation"] <= 0:
        found.append("who was foretold to buy more did not buy more")
    return found


def contract_objections(figures: dict[str, float]) -> list[str]:
    """Why the survival curves may not go live, in words."""
    foretold, came = figures["losses_foretold"], figures["losses"]
    is_off = not 1 / MOST_LOSS_FACTOR <= foretold / max(came, 1e-9) <= MOST_LOSS_FACTOR
    if is_off and abs(foretold - came) > SURE * math.sqrt(max(foretold, came, 1.0)):
        return [
            f"{foretold:,.0f} losses foretold, {came:,.0f} came: off by more than a factor of {MOST_LOSS_FACTOR:g} and "
            "by more than chance"
        ]
    return []
