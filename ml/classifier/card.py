"""The model card: what a classifier is, in words that who works with it understands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from ml.classifier.evaluate import Evaluation
from ml.classifier.examples import Examples
from ml.classifier.target import Target
from ml.classifier.train import Classifier

Floats = npt.NDArray[np.float64]

STRONGEST = 8


def day_of(days: int) -> str:
    """Days since 1970 as a date."""
    return (date(1970, 1, 1) + timedelta(days=int(days))).isoformat()


def card_of(
    company: str,
    target: Target,
    as_of: date,
    examples: Examples,
    model: Classifier,
    evaluation: Evaluation,
    rivals: Mapping[str, Floats],
) -> str:
    """The card in Markdown."""
    figures, recipe = evaluation.metrics, model.recipe
    return f"""# {target.name.replace("_", " ").capitalize()} model, {company}, as of {as_of}

**What it says.** The probability that {target.words.meaning}. It is for deciding whom to contact, not for prices,
credit or anything that closes a door to a customer.

**What it learnt from.** {len(examples):,} rows of {len(set(examples.keys)):,} customers on
{len(np.unique(examples.days))} past nights from {day_of(examples.days.min())} to {day_of(examples.days.max())};
{examples.positives:,} of them {target.words.positives} ({examples.truth.mean():.1%}). Features hold only what had
happened before each night; labels only what was known by {as_of}.

**How it was tested** ({evaluation.how}). AUC {figures["auc"]:.3f} (95 % interval {figures["auc_low"]:.3f}
to {figures["auc_high"]:.3f}); average precision {figures["pr_auc"]:.3f} at a base rate of {figures["base_rate"]:.3f};
Brier score {figures["brier"]:.4f}; calibration error {figures["calibration_error"]:.3f} in ten bins; in the highest
tenth there are {figures["lift_top_decile"]:.1f} times as many {target.words.positives} as in all.
n = {figures["n"]:,.0f}.

**What it is.** The mean, in log odds, of XGBoost ({recipe.trees.name}; share {1 - recipe.linear_share:.0%}) and a
logistic regression (share {recipe.linear_share:.0%}); recalibrated with the weights {model.calibration.rising:.2f} and
{model.calibration.falling:.2f} and level {model.calibration.level:+.2f}; then fitted to all rows above.

**What to know.** A probability is an average over people alike, not a fate. The level follows the past: in a season
unlike those learnt from, all probabilities are too high or too low together, while the ranking holds better. The
reasons tell what the model weighs; they are associations, not proven causes.

{_comparisons(evaluation, rivals)}"""


def _comparisons(evaluation: Evaluation, rivals: Mapping[str, Floats]) -> str:
    return f"""## Beside others, on the same {len(evaluation.slice):,} rows

Profit: expected maximum profit of a customer (Verbraken 2013), and what the {evaluation.judge.budget:,} customers that
can be contacted bring, each with its difference to the model's (95 %, same resamples).

{_rivals_table(evaluation, rivals)}

## By decile, the highest first

{_deciles_table(evaluation)}
{_segments(evaluation)}{_nights(evaluation)}
## Strongest features

{_strongest(evaluation)}
"""


def _rivals_table(evaluation: Evaluation, rivals: Mapping[str, Floats]) -> str:
    judge, rows = evaluation.judge, []
    for name, said in {"this model": evaluation.probabilities, **rivals}.items():
        figures = judge.figures(said)
        row = [name, *(f"{figures[key]:.3f}" for key in ("auc", "pr_auc", "brier", "calibration_error"))]
        row.append(f"{figures['lift_top_decile']:.2f}")
        against = {} if said is evaluation.probabilities else judge.against(said, evaluation.probabilities)
        for key in ("empc_cents", "profit_cents"):
            difference = ""
            if against:
                middle, low, high = against[key]
                difference = f" ({middle:+,.0f}; {low:+,.0f} to {high:+,.0f})"
            row.append(f"{figures[key]:,.0f}{difference}")
        rows.append(row)
    head = ("", "AUC", "average precision", "Brier", "calibration error", "lift", "EMPC, cents", "list, cents")
    return table(head, rows)


def _deciles_table(evaluation: Evaluation) -> str:
    rows = [
        (
            f"{row['decile']:.0f}",
            f"{row['n']:,.0f}",
            f"{row['said']:.3f}",
            f"{row['happened']:.3f}",
            f"{row['lift']:.2f}",
            f"{row['gain']:.1%}",
        )
        for row in evaluation.judge.by_decile(evaluation.probabilities)
    ]
    return table(("decile", "n", "said", "happened", "lift", "found so far"), rows)


def _segments(evaluation: Evaluation) -> str:
    found = evaluation.judge.by_segment(evaluation.probabilities)
    return _figures_section("By segment", "segment", found)


def _nights(evaluation: Evaluation) -> str:
    return _figures_section("Night by night, the recipe learnt anew before each", "night", evaluation.by_night)


def _figures_section(title: str, first: str, found: Mapping[str, Mapping[str, float]]) -> str:
    if not found:
        return ""
    rows = [
        (
            name,
            f"{figures['n']:,.0f}",
            f"{figures['base_rate']:.3f}",
            f"{figures['auc']:.3f} ({figures['auc_low']:.3f} to {figures['auc_high']:.3f})",
        )
        for name, figures in found.items()
    ]
    return f"\n## {title}\n\n{table((first, 'n', 'base rate', 'AUC'), rows)}\n"


def _strongest(evaluation: Evaluation) -> str:
    strongest = sorted(evaluation.importance.items(), key=lambda item: (-item[1], item[0]))[:STRONGEST]
    rows = [(name, f"{share:.1%}", f"{evaluation.alone[name]:.3f}") for name, share in strongest]
    return table(("feature", "share of all that features move", "AUC by itself"), rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
