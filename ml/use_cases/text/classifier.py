"""A text classifier: tf-idf weighted n-grams of words and of letters, and logistic regression.

It works for any integer labels, in English and Chinese: a Chinese letter is a token, so an n-gram of letters stands for
a word. The n-grams are hashed: the size of a model does not depend on the texts, and the model stores no words.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.feature_selection import VarianceThreshold
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline, make_union

from ml import skops_files
from ml.booster import SEED
from ml.texts.lexicon import language_of
from warehouse.core.errors import ModelError

Labels = npt.NDArray[np.int64]
Probabilities = npt.NDArray[np.float64]

HASHES = 2**20
#: Candidates for the inverse of the L2 penalty: small values shrink all weights, large ones let rare n-grams decide.
STRENGTHS = (0.5, 8.0, 32.0)
TOKEN = r"[a-z0-9_']+|[^\sa-z0-9_']"  # noqa: S105
#: Above this share of Chinese texts, all texts are treated as Chinese.
MOSTLY_CHINESE = 0.9
FOLDS = 5
#: Letters of a text that are used; the rest of a long transcript adds nothing.
MOST_LETTERS = 2_000


def representation(texts: Sequence[str]) -> Pipeline | FeatureUnion:
    """The unfitted tf-idf transform for texts like these. N-grams that occur in a single text are dropped.

    Texts that are mostly Chinese: runs of up to three letters. Other texts: up to three words, and letters within words
    (they catch inflections and misspellings).
    """
    if sum(language_of(text) == "zh" for text in texts) > MOSTLY_CHINESE * len(texts):
        return make_pipeline(_hashed(analyzer="char", ngram_range=(1, 3)), *_weights(len(texts)))
    words = _hashed(ngram_range=(1, 3), token_pattern=TOKEN)
    letters = _hashed(analyzer="char_wb", ngram_range=(2, 4))
    return make_union(*(make_pipeline(counts, *_weights(len(texts))) for counts in (words, letters)))


def _hashed(**how: Any) -> HashingVectorizer:
    return HashingVectorizer(n_features=HASHES, norm=None, alternate_sign=False, **how)


def _weights(texts: int) -> tuple[VarianceThreshold, TfidfTransformer]:
    """Drops n-grams that occur in a single text: their variance is below the threshold."""
    return VarianceThreshold(1.5 / texts), TfidfTransformer(sublinear_tf=True)


def regression(strength: float) -> OneVsRestClassifier:
    """The unfitted logistic regressions, one per label; `strength` is the inverse of the L2 penalty."""
    one = LogisticRegression(C=strength, solver="liblinear", dual=True, random_state=SEED, max_iter=1_000)
    return OneVsRestClassifier(one)


@dataclass(frozen=True)
class TextClassifier:
    """A fitted model; `sharpness` multiplies its margins before they become probabilities (temperature scaling)."""

    pipeline: Pipeline
    labels: tuple[int, ...]
    sharpness: float
    strength: float

    def probabilities(self, texts: Sequence[str]) -> Probabilities:
        """Probability (n, labels) of each label, in the order of `labels`."""
        return _softmax(self.sharpness * _margins(self.pipeline, [text[:MOST_LETTERS] for text in texts]))

    def predict(self, texts: Sequence[str]) -> Labels:
        """The likeliest label (n,)."""
        return np.asarray(np.array(self.labels)[self.probabilities(texts).argmax(axis=1)], dtype=np.int64)

    def save(self, folder: Path, name: str) -> None:
        """Write `<name>.skops` and `<name>.json`."""
        skops_files.save(self.pipeline, folder / f"{name}.skops")
        content = {"labels": list(self.labels), "sharpness": self.sharpness, "strength": self.strength}
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, name: str) -> TextClassifier:
        """The model that `save` wrote."""
        content = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        pipeline = skops_files.load(folder / f"{name}.skops")
        return cls(pipeline, tuple(content["labels"]), content["sharpness"], content["strength"])


def fit(texts: Sequence[str], labels: Labels) -> TextClassifier:
    """Fit to texts (n,) and integer labels (n,): at least two different labels, each at least `FOLDS` times.

    The strength and the sharpness (temperature scaling, Guo et al. 2017, ICML) are chosen on a held-out fifth; the
    model is then fitted to all texts.

    Raises:
        ModelError: if there is only one label, or no n-gram that occurs in several texts but not in all.
    """
    if len(np.unique(labels)) < 2:
        raise ModelError(f"{len(labels)} texts with a single label; a model needs two")
    try:
        return _fitted(texts, labels)
    except ValueError as error:
        raise ModelError(f"{len(labels)} texts have no words that distinguish them: {error}") from error


def _fitted(texts: Sequence[str], labels: Labels) -> TextClassifier:
    held_in, held_out = next(StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(labels, labels))
    known = np.unique(labels)
    earlier = _chosen(texts, held_in)
    weights = representation(earlier)
    learned = weights.fit_transform(earlier)
    checked = weights.transform(_chosen(texts, held_out))
    tried = []
    for strength in STRENGTHS:
        margins = _margins(regression(strength).fit(learned, labels[held_in]), checked)
        tried.append((*_sharpened(margins, np.searchsorted(known, labels[held_out])), strength))
    _, sharpness, strength = min(tried)
    every = _chosen(texts, np.arange(len(texts)))
    pipeline = make_pipeline(representation(every), regression(strength)).fit(every, labels)
    return TextClassifier(pipeline, tuple(int(label) for label in known), round(sharpness, 4), strength)


def _sharpened(margins: Probabilities, truth: Labels) -> tuple[float, float]:
    """(log loss, sharpness) at the sharpness with the smallest log loss."""

    def loss(logarithm: float) -> float:
        given = _softmax(np.exp(logarithm) * margins)[np.arange(len(truth)), truth]
        return float(-np.log(np.clip(given, 1e-12, 1)).mean())

    found = minimize_scalar(loss, bounds=(-4, 4), method="bounded")
    return float(found.fun), float(np.exp(found.x))


def _chosen(texts: Sequence[str], rows: npt.NDArray[np.int64]) -> list[str]:
    return [texts[row][:MOST_LETTERS] for row in rows]


def _margins(model: Any, rows: Any) -> Probabilities:
    """Margins (n, labels). With two labels, scikit-learn returns the margin of the second label only."""
    margins = np.asarray(model.decision_function(rows), dtype=np.float64)
    return np.column_stack([-margins, margins]) if margins.ndim == 1 else margins


def _softmax(margins: Probabilities) -> Probabilities:
    raised = np.exp(margins - margins.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
