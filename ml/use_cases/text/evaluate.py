"""How good a sentiment is on comments that came after those it learned from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import spearmanr

from ml.booster import SEED
from ml.use_cases.text.classifier import Labels, Probabilities, fit
from ml.use_cases.text.fallback import SCORES, LexiconSentiment
from ml.use_cases.text.features import scored_comments
from ml.use_cases.text.seeds import thresholds
from ml.use_cases.text.sentiment import LearnedSentiment, Sentiment
from warehouse.core.errors import ModelError

#: The latest share of the comments, which the model to be tested has not seen.
HELD_OUT_SHARE = 0.2
RESAMPLES = 1_000


@dataclass(frozen=True)
class Evaluation:
    """A sentiment that has not seen `texts`, and its figures on them beside those of the lexicon."""

    sentiment: Sentiment
    texts: list[str]
    scores: Labels
    figures: dict[str, float]


def evaluate(comments: pd.DataFrame) -> Evaluation:
    """Learn from the earlier comments, test on the latest fifth (no text of which is among the earlier ones).

    Raises:
        ModelError: where there are too few comments, or fewer than two scores.
    """
    fewest = int(thresholds()["fewest_scored_comments"])
    if len(comments) < fewest or comments["own_score"].nunique() < 2:
        raise ModelError(f"{len(comments)} comments with a score of their own, {fewest} with at least two are needed")
    border = round(len(comments) * (1 - HELD_OUT_SHARE))
    earlier, later = scored_comments(comments[:border]), comments[border:]
    if earlier["own_score"].nunique() < 2:
        raise ModelError("the earlier comments all have one score; a model needs two")
    sentiment = LearnedSentiment(fit(list(earlier["text"]), earlier["own_score"].to_numpy()))
    texts, scores = list(later["text"]), later["own_score"].to_numpy()
    losses = ranked_probability_score(sentiment.probabilities(texts), scores)
    others = ranked_probability_score(LexiconSentiment().probabilities(texts), scores)
    low, high = _interval(others - losses)
    figures = {
        **figures_of(sentiment, texts, scores),
        "n": float(len(later)),
        "comments": float(len(comments)),
        **{f"lexicon_{name}": value for name, value in figures_of(LexiconSentiment(), texts, scores).items()},
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
    """Of each text (n,), 0 the best: squared differences of the cumulated probabilities, over the number of cuts.

    A proper score that knows that 4 is nearer to 5 than 1 is (Epstein 1969, Journal of Applied Meteorology 8:985).
    """
    cuts = np.array(SCORES[:-1])
    happened = scores[:, None] <= cuts
    return np.asarray(((probabilities.cumsum(axis=1)[:, :-1] - happened) ** 2).mean(axis=1))


def _interval(differences: npt.NDArray[np.float64]) -> tuple[float, float]:
    """95 % interval of a mean difference over resampled texts (paired bootstrap, seeded)."""
    generator = np.random.default_rng(SEED)
    count = len(differences)
    means = generator.multinomial(count, np.full(count, 1 / count), RESAMPLES) @ differences / count
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
