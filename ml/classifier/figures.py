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

#: Fewer rows, or fewer of one class, than this say nothing about a segment.
LEAST_ROWS, LEAST_OF_A_CLASS = 100, 10


@dataclass(frozen=True)
class Judge:
    """Measures probabilities on one slice: `budget` is how many of its rows can be contacted, `resamples` how many
    bootstrap resamples its intervals take."""

    slice: Examples
    economics: Economics
    budget: int
    resamples: int = TrainingConfig().resamples

    @property
    def offers(self) -> Offers:
        return Offers(self.economics.saved_share * self.slice.value_cents, self.economics.contact_cost_cents)

    def figures(self, said: Floats) -> dict[str, float]:
        """All figures with their size."""
        truth = self.slice.truth
        return {**classification_metrics(truth, said), **self.profits(said)}

    def profits(self, said: Floats, rows: npt.NDArray[np.int64] | None = None) -> dict[str, float]:
        """Expected maximum profit per customer, and profit of the budget, both in cents."""
        truth, offers, budget = self.slice.truth, self.offers, self.budget
        if rows is not None:
            budget = max(1, round(budget * len(rows) / len(truth)))
            truth, said = truth[rows], said[rows]
            offers = Offers(offers.saved_cents[rows], offers.contact_cents)
        return {
            "empc_cents": expected_maximum_profit(truth, said, self.economics.campaign),
            "profit_cents": profit_at(truth, said, offers, budget),
        }

    def intervals(self, said: Floats) -> dict[str, tuple[float, float]]:
        """95 % intervals of the figures, by resampling the rows."""
        truth = self.slice.truth

        def of(rows: npt.NDArray[np.int64]) -> dict[str, float]:
            found = classification_metrics(truth[rows], said[rows])
            kept = ("auc", "pr_auc", "brier", "calibration_error", "lift_top_decile")
            return {**{name: found[name] for name in kept}, **self.profits(said, rows)}

        return intervals(truth, of, self.resamples)

    def against(self, said: Floats, other: Floats) -> dict[str, tuple[float, float, float]]:
        """(difference, low, high) of both profits to those of other probabilities, on the same resampled rows."""

        def of(rows: npt.NDArray[np.int64]) -> dict[str, float]:
            ours, theirs = self.profits(said, rows), self.profits(other, rows)
            return {name: ours[name] - theirs[name] for name in ours}

        ours, theirs = self.profits(said), self.profits(other)
        bounds = intervals(self.slice.truth, of, self.resamples)
        return {name: (ours[name] - theirs[name], *bounds[name]) for name in ours}

    def by_segment(self, said: Floats) -> dict[str, dict[str, float]]:
        """The figures of each segment that is large enough, by its name."""
        found = {}
        for segment in sorted(set(self.slice.segments)):
            mask = self.slice.segments == segment
            positives = self.slice.truth[mask].sum()
            if mask.sum() >= LEAST_ROWS and min(positives, mask.sum() - positives) >= LEAST_OF_A_CLASS:
                found[str(segment) or "(none)"] = classification_metrics(self.slice.truth[mask], said[mask])
        return found if len(found) > 1 else {}

    def by_decile(self, said: Floats) -> list[dict[str, float]]:
        """Ten groups of equal count, the highest first: what was said, what happened, lift and gain."""
        truth, found, gained = self.slice.truth, [], 0.0
        for number, (mean, happened, count) in enumerate(reversed(calibration_curve(truth, said)), start=1):
            gained += happened * count / truth.sum()
            found.append(
                {
                    "decile": float(11 - number),
                    "said": mean,
                    "happened": happened,
                    "n": float(count),
                    "lift": happened / float(truth.mean()),
                    "gain": gained,
                }
            )
        return found


def lifts(truth: Floats, said: Floats) -> dict[str, float]:
    """Lift of the top 1, 5, 10 and 20 %."""
    return {f"lift_top_{share}": lift(truth, said, share / 100) for share in (1, 5, 10, 20)}
