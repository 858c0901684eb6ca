"""Five folds of labelled texts: the product's learner compared with a peer and the lexicon, with intervals."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

from ml.booster import SEED
from ml.metrics import expected_calibration_error
from ml.texts.vocabulary import read_vocabulary
from ml.use_cases.text.classifier import TOKEN, Labels, fit
from ml.use_cases.text.fallback import LexiconSentiment
from tests.ml.conftest import shipped_settings

FOLDS = 5
RESAMPLES = 500
#: Scored texts that a small company has.
FEW = (250, 500, 1_000, 2_000)


@dataclass(frozen=True)
class Answers:
    """The predicted class of each text (n,), and its probability."""

    labels: Labels
    confidence: npt.NDArray[np.float64]


def sentiment(texts: Sequence[str], truth: Labels, cuts: Sequence[float]) -> tuple[dict[str, float], str]:
    """Figures by name, and their Markdown; `cuts` are the polarities at which the lexicon's label changes."""
    answers = by_learner(texts, truth)
    rows = {
        "learner of the product": figures(truth, answers.labels),
        "multinomial naive Bayes": figures(truth, by_naive_bayes(texts, truth)),
        "lexicon (learns nothing)": figures(truth, by_lexicon(texts, cuts)),
    }
    own, bayes, lexicon = rows.values()
    curve = learning_curve(texts, truth)
    error, speed = calibration_error(truth, answers), texts_a_second(texts, truth)
    found = {
        **own,
        "naive_bayes_accuracy": bayes["accuracy"],
        "lexicon_accuracy": lexicon["accuracy"],
        "calibration_error": error,
        "texts_a_second": speed,
        **{f"accuracy_of_{count}": accuracy for count, accuracy in curve.items()},
        "n": float(len(texts)),
    }
    shown = ", ".join(f"{count:,} texts {accuracy:.3f}" for count, accuracy in curve.items())
    text = f"""{table(rows)}

Calibration error of the learner {error:.3f}. With few scored texts (accuracy on one fold): {shown}; the lexicon, which
learns nothing, {lexicon["accuracy"]:.3f}. {speed:,.0f} texts of {np.mean([*map(len, texts)]):.0f} letters are scored in
a second of processor time."""
    return found, text


def folds(labels: Labels) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    return list(StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(labels, labels))


def by_learner(texts: Sequence[str], labels: Labels) -> Answers:
    """Out-of-fold answers of the learner that the product uses."""
    answers, sure = np.zeros_like(labels), np.zeros(len(labels))
    for learn, check in folds(labels):
        model = fit([texts[row] for row in learn], labels[learn])
        probabilities = model.probabilities([texts[row] for row in check])
        answers[check] = np.array(model.labels)[probabilities.argmax(axis=1)]
        sure[check] = probabilities.max(axis=1)
    return Answers(answers, sure)


def by_naive_bayes(texts: Sequence[str], labels: Labels) -> Labels:
    """Out-of-fold answers of multinomial naive Bayes on words and pairs of words."""
    answers = np.zeros_like(labels)
    for learn, check in folds(labels):
        words = CountVectorizer(token_pattern=TOKEN, ngram_range=(1, 2), min_df=2)
        model = make_pipeline(words, MultinomialNB()).fit([texts[row] for row in learn], labels[learn])
        answers[check] = model.predict([texts[row] for row in check])
    return answers


def by_lexicon(texts: Sequence[str], cuts: Sequence[float]) -> Labels:
    """The lexicon's answers: the label is the number of the interval between the cuts that holds the polarity."""
    lexicon = LexiconSentiment(read_vocabulary(shipped_settings()))
    return np.searchsorted(np.array(cuts), [lexicon.polarity(text) for text in texts])


def learning_curve(texts: Sequence[str], labels: Labels) -> dict[int, float]:
    """Accuracy on the first fold of a learner that has only this number of the other texts."""
    learn, check = folds(labels)[0]
    order = np.random.default_rng(SEED).permutation(learn)
    held_out = [texts[row] for row in check]
    found = {}
    for count in FEW:
        model = fit([texts[row] for row in order[:count]], labels[order[:count]])
        found[count] = float((model.predict(held_out) == labels[check]).mean())
    return found


def figures(truth: Labels, answers: Labels) -> dict[str, float]:
    """Accuracy with Wilson's interval and macro-F1 with a bootstrap interval (95 %)."""
    right = int((truth == answers).sum())
    interval = binomtest(right, len(truth)).proportion_ci(method="wilson")
    generator = np.random.default_rng(SEED)
    draws = [generator.integers(0, len(truth), len(truth)) for _ in range(RESAMPLES)]
    spread = [f1_score(truth[rows], answers[rows], average="macro") for rows in draws]
    low, high = np.percentile(spread, [2.5, 97.5])
    return {
        "accuracy": right / len(truth),
        "accuracy_low": float(interval.low),
        "accuracy_high": float(interval.high),
        "macro_f1": float(f1_score(truth, answers, average="macro")),
        "macro_f1_low": float(low),
        "macro_f1_high": float(high),
    }


def calibration_error(truth: Labels, answers: Answers) -> float:
    """Mean gap between the learner's confidence and its accuracy (ten bins of equal count)."""
    return expected_calibration_error((truth == answers.labels).astype(np.float64), answers.confidence)


def texts_a_second(texts: Sequence[str], labels: Labels) -> float:
    """Texts that a fitted learner scores in a second of processor time."""
    step = max(1, len(texts) // 2_000)
    model = fit(list(texts[::step]), labels[::step])
    started = time.process_time()
    model.probabilities(texts)
    return len(texts) / (time.process_time() - started)


def table(rows: dict[str, dict[str, float]]) -> str:
    """Markdown of figures by method."""
    lines = ["| method | accuracy | macro-F1 |", "|---|---|---|"]
    for method, of in rows.items():
        cells = [
            f"{of[name]:.4f} ({of[f'{name}_low']:.4f} to {of[f'{name}_high']:.4f})" for name in ("accuracy", "macro_f1")
        ]
        lines.append(f"| {method} | {' | '.join(cells)} |")
    return "\n".join(lines)
