"""Chinese hotel reviews: is a review good or bad?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from tests.evaluations import Evaluation
from tests.text_folds import (
    by_learner,
    by_lexicon,
    by_naive_bayes,
    calibration_error,
    curve_text,
    figures,
    learning_curve,
    table,
    texts_a_second,
)
from warehouse.settings import settings_from_environment

FILE = settings_from_environment().datasets / "reviews_zh" / "ChnSentiCorp_htl_all.csv"


def evaluate(_: Path) -> Evaluation:
    """Five folds over different reviews; label 1 is positive."""
    reviews = pd.read_csv(FILE).dropna().drop_duplicates("review", ignore_index=True)
    texts, truth = list(reviews["review"]), reviews["label"].to_numpy(np.int64)
    answers = by_learner(texts, truth)
    rows = {
        "learner of the product": figures("", truth, answers.labels),
        "multinomial naive Bayes": figures("", truth, by_naive_bayes(texts, truth)),
        "lexicon (learns nothing)": figures("", truth, by_lexicon(texts, [0.0])),
    }
    curve = learning_curve(texts, truth)
    own, bayes, lexicon = rows.values()
    found = {
        **own,
        "naive_bayes_accuracy": bayes["accuracy"],
        "lexicon_accuracy": lexicon["accuracy"],
        "calibration_error": calibration_error(truth, answers),
        "texts_a_second": texts_a_second(texts, truth),
        **{f"accuracy_of_{count}": accuracy for count, accuracy in curve.items()},
        "n": float(len(texts)),
    }
    letters = np.mean([*map(len, texts)])
    text = f"""{len(texts):,} different reviews in five folds, {truth.mean():.0%} positive, {letters:.0f} letters each.

{table(rows)}

Calibration error of the learner {found["calibration_error"]:.3f}. {curve_text(curve, lexicon["accuracy"])}
{found["texts_a_second"]:,.0f} texts are scored in a second of processor time.
"""
    return Evaluation("Chinese hotel reviews: sentiment", found, text)
