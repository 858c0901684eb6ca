"""The model card: what a classifier is, in words that who works with it understands."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from ml.classifier.evaluate import Evaluation
from ml.classifier.examples import Examples
from ml.classifier.target import Target
from ml.classifier.train import Classifier


def card_of(
    company: str, target: Target, as_of: date, examples: Examples, model: Classifier, evaluation: Evaluation
) -> str:
    """The card in Markdown."""
    figures = evaluation.metrics
    first, last = (date(1970, 1, 1) + timedelta(days=int(day)) for day in (examples.days.min(), examples.days.max()))
    strongest = sorted(evaluation.alone.items(), key=lambda item: -item[1])[:8]
    alone = "\n".join(f"- {name}: AUC {area:.3f} by itself" for name, area in strongest)
    return f"""# {target.name.replace("_", " ").capitalize()} model, {company}, as of {as_of}

**What it says.** The probability that {target.words.meaning}. It is for deciding whom to contact, not for prices,
credit or anything that closes a door to a customer.

**What it learnt from.** {len(examples):,} rows of {len(set(examples.keys)):,} customers on
{len(np.unique(examples.days))} past nights from {first} to {last}; {examples.positives:,} of them
{target.words.positives} ({examples.truth.mean():.1%}). Features hold only what had happened before each night; labels
only what was known by {as_of}.

**How it was tested** ({evaluation.how}). AUC {figures["auc"]:.3f} (95 % interval {figures["auc_low"]:.3f}
to {figures["auc_high"]:.3f}); average precision {figures["pr_auc"]:.3f} at a base rate of {figures["base_rate"]:.3f};
Brier score {figures["brier"]:.4f}; calibration error {figures["calibration_error"]:.3f} in ten bins; in the highest
tenth there are {figures["lift_top_decile"]:.1f} times as many {target.words.positives} as in all.
n = {figures["n"]:,.0f}.

**What it is.** XGBoost, {model.candidate.name}; recalibrated with slope {model.calibration.slope:.2f} and level
{model.calibration.level:+.2f}; then fitted to all rows above.

**What to know.** A probability is an average over people alike, not a fate. The level follows the past: in a season
unlike those learnt from, all probabilities are too high or too low together, while the ranking holds better. The
reasons tell what the model weighs; they are associations, not proven causes.

Strongest features by themselves:
{alone}
"""
