"""The model card of a classifier, in words for the people who work with it."""

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
    others: Mapping[str, Floats],
) -> str:
    """The card in Markdown; `others` are probabilities of other models for the test slice, by name."""
    figures, recipe = evaluation.metrics, model.recipe
    return f"""# {target.name.replace("_", " ").capitalize()} model, {company}, as of {as_of}

**What it predicts.** The probability that {target.words.meaning}. Use it to decide whom to contact, not for prices,
credit or any decision that excludes a customer.

**Training data.** {len(examples):,} rows of {len(set(examples.keys)):,} customers on
{len(np.unique(examples.days))} snapshots from {day_of(examples.days.min())} to {day_of(examples.days.max())};
{examples.positives:,} of them {target.words.positives} ({examples.truth.mean():.1%}). Features contain only events
before each snapshot; labels were known by {as_of}.

**How it was tested** ({evaluation.how}). AUC {figures["auc"]:.3f} (95 % interval {figures["auc_low"]:.3f}
to {figures["auc_high"]:.3f}); average precision {figures["pr_auc"]:.3f} at a base rate of {figures["base_rate"]:.3f};
Brier score {figures["brier"]:.4f}; calibration error {figures["calibration_error"]:.3f} in ten bins; lift of the
highest tenth {figures["lift_top_decile"]:.1f}. n = {figures["n"]:,.0f}.

**What it is.** The mean, in log odds, of XGBoost ({recipe.trees.name}; share {1 - recipe.linear_share:.0%}) and a
logistic regression (share {recipe.linear_share:.0%}); recalibrated with the weights {model.calibration.rising:.2f} and
{model.calibration.falling:.2f} and level {model.calibration.level:+.2f}; then fitted to all rows above.

**What to know.** A probability is an average over similar customers. The level of the probabilities follows the
past: in a season that differs from the training data, all of them are too high or too low; the ranking is less
affected. The reasons show which features the model uses; they are associations, not proven causes.

{_comparisons(evaluation, others)}"""


def _comparisons(evaluation: Evaluation, others: Mapping[str, Floats]) -> str:
    return f"""## Compared with other models, on the same {len(evaluation.slice):,} rows

Profit: expected maximum profit per customer (Verbraken 2013), and profit of the {evaluation.judge.budget:,} customers
that can be contacted; each with its difference to this model (95 % interval, same resamples).

{_models_table(evaluation, others)}

## By decile, the highest first

{_deciles_table(evaluation)}
{_segments(evaluation)}{_nights(evaluation)}
## Strongest features

{_strongest(evaluation)}
"""


def _models_table(evaluation: Evaluation, others: Mapping[str, Floats]) -> str:
    judge, rows = evaluation.judge, []
    for name, predicted in {"this model": evaluation.probabilities, **others}.items():
        figures = judge.figures(predicted)
        row = [name, *(f"{figures[key]:.3f}" for key in ("auc", "pr_auc", "brier", "calibration_error"))]
        row.append(f"{figures['lift_top_decile']:.2f}")
        against = {} if predicted is evaluation.probabilities else judge.against(predicted, evaluation.probabilities)
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
            f"{row['predicted']:.3f}",
            f"{row['observed']:.3f}",
            f"{row['lift']:.2f}",
            f"{row['gain']:.1%}",
        )
        for row in evaluation.judge.by_decile(evaluation.probabilities)
    ]
    return table(("decile", "n", "predicted", "observed", "lift", "found so far"), rows)


def _segments(evaluation: Evaluation) -> str:
    found = evaluation.judge.by_segment(evaluation.probabilities)
    return _figures_section("By segment", "segment", found)


def _nights(evaluation: Evaluation) -> str:
    return _figures_section("By snapshot, the recipe fitted to the data before each", "snapshot", evaluation.by_night)


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
    rows = [(name, f"{share:.1%}", f"{evaluation.feature_aucs[name]:.3f}") for name, share in strongest]
    return table(("feature", "share of all Shapley values", "AUC by itself"), rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
