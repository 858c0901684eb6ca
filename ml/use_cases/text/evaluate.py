"""Measures a sentiment model on comments that are later than those it was trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import spearmanr

from ml.booster import SEED
from ml.resampling import draw_counts, percentile_interval
from ml.texts.vocabulary import Vocabulary
from ml.use_cases.text.classifier import Labels, Probabilities, fit
from ml.use_cases.text.fallback import SCORES, LexiconSentiment
from ml.use_cases.text.features import scored_comments
from ml.use_cases.text.sentiment import LearnedSentiment, Sentiment
from warehouse.core.errors import ModelError

#: Share of the comments, the latest ones, that is held out for the test.
HELD_OUT_SHARE = 0.2
RESAMPLES = 1_000


@dataclass(frozen=True)
class Evaluation:
    """A hold-out twin (not trained on `texts`) and its figures on `texts`, compared with those of the lexicon."""

    sentiment: Sentiment
    texts: list[str]
    scores: Labels
    figures: dict[str, float]


def evaluate(comments: pd.DataFrame, vocabulary: Vocabulary) -> Evaluation:
    """Train on the earlier comments and test on the latest fifth.

    Args:
        comments: rows of `scored_comments`, oldest first.

    Raises:
        ModelError: if there are too few comments, or fewer than two different scores.
    """
    fewest = int(vocabulary.thresholds["fewest_scored_comments"])
    if len(comments) < fewest or comments["own_score"].nunique() < 2:
        raise ModelError(
            f"{len(comments)} comments with a score of their own, {fewest} with two different scores are needed"
        )
    border = round(len(comments) * (1 - HELD_OUT_SHARE))
    later = comments[border:]
    earlier = scored_comments(comments[:border], vocabulary.thresholds["fewest_of_a_score"])
    if earlier["own_score"].nunique() < 2:
        raise ModelError("all earlier comments have the same score; a model needs two")
    lexicon = LexiconSentiment(vocabulary)
    sentiment = LearnedSentiment(fit(list(earlier["text"]), earlier["own_score"].to_numpy()))
    texts, scores = list(later["text"]), later["own_score"].to_numpy()
    losses = ranked_probability_score(sentiment.probabilities(texts), scores)
    others = ranked_probability_score(lexicon.probabilities(texts), scores)
    low, high = _interval(others - losses)
    figures = {
        **figures_of(sentiment, texts, scores),
        "n": float(len(later)),
        "comments": float(len(comments)),
        **{f"lexicon_{name}": value for name, value in figures_of(lexicon, texts, scores).items()},
        "gain": float((others - losses).mean()),
        "gain_low": low,
        "gain_high": high,
    }
    return Evaluation(sentiment, texts, scores, figures)


def figures_of(sentiment: Sentiment, texts: list[str], scores: Labels) -> dict[str, float]:
    """Ranked probability score, exact and within-one accuracy, mean error of the expected score, rank correlation."""
    probabilities = sentiment.probabilities(texts)
    likeliest = probabilities.argmax(axis=1) + 1
    expected = probabilities @ np.array(SCORES)
    varies = np.ptp(expected) > 0 and np.ptp(scores) > 0
    return {
        "ranked_probability_score": float(ranked_probability_score(probabilities, scores).mean()),
        "accuracy": float((likeliest == scores).mean()),
        "within_one": float((abs(likeliest - scores) <= 1).mean()),
        "mean_error": float(abs(expected - scores).mean()),
        "rank_correlation": float(spearmanr(expected, scores).statistic) if varies else 0.0,
    }


def ranked_probability_score(probabilities: Probabilities, scores: Labels) -> npt.NDArray[np.float64]:
    """Ranked probability score (n,) of each text: mean squared difference of the cumulated probabilities, 0 is best.

    A proper score for ordered classes: it penalises a prediction less if it is near the true score (Epstein 1969,
    Journal of Applied Meteorology 8:985).
    """
    cuts = np.array(SCORES[:-1])
    happened = scores[:, None] <= cuts
    return np.asarray(((probabilities.cumsum(axis=1)[:, :-1] - happened) ** 2).mean(axis=1))


def _interval(differences: npt.NDArray[np.float64]) -> tuple[float, float]:
    """95 % interval of a mean difference over resampled texts (paired bootstrap, seeded)."""
    count = len(differences)
    return percentile_interval(draw_counts(count, RESAMPLES, SEED) @ differences / count)
