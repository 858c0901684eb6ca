"""The figures of a classifier on one slice: ranking, calibration and profit, with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.classifier.examples import Examples
from ml.classifier.target import Economics
from ml.metrics import calibration_curve, classification_metrics, lift
from ml.profit import Offers, expected_maximum_profit, profit_at
from ml.resampling import intervals
from warehouse.core.configuration import TrainingConfig

Floats = npt.NDArray[np.float64]

#: Fewest rows, and fewest rows of each class, of a segment whose figures are reported.
LEAST_ROWS, LEAST_OF_A_CLASS = 100, 10


@dataclass(frozen=True)
class Judge:
    """Measures probabilities on one slice.

    `budget` is the number of its rows that can be contacted, `resamples` the number of bootstrap resamples.
    """

    slice: Examples
    economics: Economics
    budget: int
    resamples: int = TrainingConfig().resamples

    @property
    def offers(self) -> Offers:
        return Offers(self.economics.saved_share * self.slice.value_cents, self.economics.contact_cost_cents)

    def figures(self, predicted: Floats) -> dict[str, float]:
        """All figures, and the number of rows behind them."""
        truth = self.slice.truth
        return {**classification_metrics(truth, predicted), **self.profits(predicted)}

    def profits(self, predicted: Floats, rows: npt.NDArray[np.int64] | None = None) -> dict[str, float]:
        """Expected maximum profit per customer, and profit of contacting the top `budget`, both in cents.

        `rows` are the row numbers of a resample; its budget is scaled to its size.
        """
        truth, offers, budget = self.slice.truth, self.offers, self.budget
        if rows is not None:
            budget = max(1, round(budget * len(rows) / len(truth)))
            truth, predicted = truth[rows], predicted[rows]
            offers = Offers(offers.saved_cents[rows], offers.contact_cents)
        return {
            "empc_cents": expected_maximum_profit(truth, predicted, self.economics.campaign),
            "profit_cents": profit_at(truth, predicted, offers, budget),
        }

    def intervals(self, predicted: Floats) -> dict[str, tuple[float, float]]:
        """95 % intervals of the figures, by resampling the rows."""
        truth = self.slice.truth

        def of(rows: npt.NDArray[np.int64]) -> dict[str, float]:
            found = classification_metrics(truth[rows], predicted[rows])
            kept = ("auc", "pr_auc", "brier", "calibration_error", "lift_top_decile")
            return {**{name: found[name] for name in kept}, **self.profits(predicted, rows)}

        return intervals(truth, of, self.resamples)

    def against(self, predicted: Floats, other: Floats) -> dict[str, tuple[float, float, float]]:
        """(difference, low, high) of each profit to that of other probabilities, on the same resampled rows."""

        def of(rows: npt.NDArray[np.int64]) -> dict[str, float]:
            ours, theirs = self.profits(predicted, rows), self.profits(other, rows)
            return {name: ours[name] - theirs[name] for name in ours}

        ours, theirs = self.profits(predicted), self.profits(other)
        bounds = intervals(self.slice.truth, of, self.resamples)
        return {name: (ours[name] - theirs[name], *bounds[name]) for name in ours}

    def by_segment(self, predicted: Floats) -> dict[str, dict[str, float]]:
        """Figures of each segment that is large enough, by name; empty if there is only one."""
        found = {}
        for segment in sorted(set(self.slice.segments)):
            mask = self.slice.segments == segment
            positives = self.slice.truth[mask].sum()
            if mask.sum() >= LEAST_ROWS and min(positives, mask.sum() - positives) >= LEAST_OF_A_CLASS:
                found[str(segment) or "(none)"] = classification_metrics(self.slice.truth[mask], predicted[mask])
        return found if len(found) > 1 else {}

    def by_decile(self, predicted: Floats) -> list[dict[str, float]]:
        """Ten groups of equal count, the highest first: predicted and observed share, lift and gain."""
        truth, found, gained = self.slice.truth, [], 0.0
        for number, (mean, observed, count) in enumerate(reversed(calibration_curve(truth, predicted)), start=1):
            gained += observed * count / truth.sum()
            found.append(
                {
                    "decile": float(11 - number),
                    "predicted": mean,
                    "observed": observed,
                    "n": float(count),
                    "lift": observed / float(truth.mean()),
                    "gain": gained,
                }
            )
        return found


def lifts(truth: Floats, predicted: Floats) -> dict[str, float]:
    """Lift of the top 1, 5, 10 and 20 %."""
    return {f"lift_top_{share}": lift(truth, predicted, share / 100) for share in (1, 5, 10, 20)}
