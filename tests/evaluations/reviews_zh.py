"""Chinese hotel reviews: is a review good or bad?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from tests.evaluations import Evaluation
from tests.text_folds import sentiment
from warehouse.core.settings import settings_from_environment

FILE = settings_from_environment().datasets / "reviews_zh" / "ChnSentiCorp_htl_all.csv"


def evaluate(_: Path) -> Evaluation:
    """Five folds over different reviews; label 1 is positive."""
    reviews = pd.read_csv(FILE).dropna().drop_duplicates("review", ignore_index=True)
    truth = reviews["label"].to_numpy(np.int64)
    found, described = sentiment(list(reviews["review"]), truth, [0.0])
    text = f"{len(truth):,} different reviews in five folds, {truth.mean():.0%} positive.\n\n{described}"
    return Evaluation("Chinese hotel reviews: sentiment", found, text)
