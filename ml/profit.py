"""Value of a ranking: expected maximum profit, and profit of contacting its top under a budget."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import beta as beta_distribution

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Campaign:
    """A retention campaign as Verbraken, Verbeke & Baesens (2013, IEEE TKDE 25:961) describe it, with their defaults.

    A contacted leaver accepts the offer with a probability that follows Beta(`alpha`, `beta`); a customer who stays is
    worth `value_cents`; an accepted offer costs `offer_cents`, a contact `contact_cents`.
    """

    alpha: float = 6.0
    beta: float = 14.0
    value_cents: float = 20_000.0
    offer_cents: float = 1_000.0
    contact_cents: float = 100.0


PUBLISHED = Campaign()


def expected_maximum_profit(truth: Floats, scores: Floats, campaign: Campaign = PUBLISHED) -> float:
    """EMPC in cents per customer: profit of contacting the best share, averaged over the uncertain acceptance rate.

    Verbraken, Verbeke & Baesens (2013), equation 23: the integral over the acceptance rate of the highest profit on
    the convex hull of the ROC curve; contacted stayers take the offer.
    """
    leavers, stayers = _convex_hull(truth, scores)
    share = float(truth.mean())
    offer, contact = campaign.offer_cents / campaign.value_cents, campaign.contact_cents / campaign.value_cents
    gained, spent = share * np.diff(leavers), share * np.diff(leavers) * contact
    spent = spent + (1 - share) * np.diff(stayers) * (offer + contact)
    with np.errstate(divide="ignore", invalid="ignore"):
        turning = np.where(gained > 0, spent / (gained * (1 - offer)), np.inf)
    starts = np.concatenate([[0.0], np.clip(turning, 0.0, 1.0)])
    ends = np.concatenate([starts[1:], [1.0]])
    low, high = _partial(starts, campaign), _partial(ends, campaign)
    earned = campaign.value_cents * (1 - offer) * share * leavers * (high[1] - low[1])
    paid = campaign.value_cents * (contact * share * leavers + (offer + contact) * (1 - share) * stayers)
    return float(np.sum(earned - paid * (high[0] - low[0])))


def _partial(until: Floats, campaign: Campaign) -> tuple[Floats, Floats]:
    """Probability and first moment of the acceptance rate up to `until`."""
    mean = campaign.alpha / (campaign.alpha + campaign.beta)
    return (
        beta_distribution.cdf(until, campaign.alpha, campaign.beta),
        mean * beta_distribution.cdf(until, campaign.alpha + 1, campaign.beta),
    )


def _convex_hull(truth: Floats, scores: Floats) -> tuple[Floats, Floats]:
    """Contacted shares (leavers, stayers) at the corners of the ROC curve's upper convex hull, from none to all."""
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.diff(scores[order]) != 0, True)  # equal scores are contacted together
    leavers, stayers = (np.append(0.0, np.cumsum(kind[order])[last]) / kind.sum() for kind in (truth, 1 - truth))
    rises, runs = np.diff(leavers) > 0, np.diff(stayers) > 0
    corner = np.concatenate([[True], rises[:-1] & runs[1:], [True]])  # elsewhere the curve cannot turn down
    hull: list[tuple[float, float]] = []
    for point in zip(stayers[corner].tolist(), leavers[corner].tolist(), strict=True):
        while len(hull) > 1 and _turns_up(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    upper = np.array(hull)
    return upper[:, 1], upper[:, 0]


def _turns_up(first: tuple[float, float], middle: tuple[float, float], last: tuple[float, float]) -> bool:
    """Whether the middle point lies on or below the line between the others."""
    return (middle[0] - first[0]) * (last[1] - first[1]) >= (last[0] - first[0]) * (middle[1] - first[1])


@dataclass(frozen=True)
class Offers:
    """Value of contacting each row of a slice: `saved_cents` (n,) if it is a positive, less `contact_cents`."""

    saved_cents: npt.NDArray[np.float64]
    contact_cents: float

    def expected(self, probabilities: Floats) -> npt.NDArray[np.float64]:
        """Expected profit of contacting each row (n,), in cents."""
        return np.asarray(probabilities * self.saved_cents - self.contact_cents)

    def realised(self, truth: Floats) -> npt.NDArray[np.float64]:
        """Actual profit of contacting each row (n,), in cents."""
        return np.asarray(truth * self.saved_cents - self.contact_cents)


def profit_curve(truth: Floats, probabilities: Floats, offers: Offers) -> npt.NDArray[np.float64]:
    """Profit in cents of contacting the first 0, 1, 2, ... n customers, ordered by expected profit (n + 1,).

    Customers with a negative expected profit are not contacted, so the end of the curve is flat.
    """
    expected = offers.expected(probabilities)
    order = np.argsort(-expected, kind="stable")
    profit = np.where(expected > 0, offers.realised(truth), 0.0)[order]
    return np.concatenate([[0.0], np.cumsum(profit)])


def profit_at(truth: Floats, probabilities: Floats, offers: Offers, budget: int) -> float:
    """Profit in cents of contacting the first `budget` customers, ordered by expected profit."""
    curve = profit_curve(truth, probabilities, offers)
    return float(curve[min(budget, len(curve) - 1)])
