"""Sentiment by a lexicon, for companies with too few scored comments to train a model.

Each known word has a polarity. A negator before it reverses the polarity, an intensifier strengthens it, and words
after a "but" count more. An ordered logit (McCullagh 1980, Journal of the Royal Statistical Society B 42:109) turns the
polarity of the text into probabilities of the scores 1 to 5.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ml.texts.lexicon import matches_in, tokens_of
from ml.texts.vocabulary import Vocabulary

#: Distance, in words or Chinese letters, over which a negator or an intensifier acts.
REACH = 4
SCORES = (1, 2, 3, 4, 5)


class LexiconSentiment:
    """Scores English and Chinese texts by the words of the seed `sentiment_words`."""

    version = "lexicon"

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words = vocabulary.sentiment_words
        thresholds = vocabulary.thresholds
        self._weight_after_contrast = thresholds["contrast_weight"]
        self._slope = thresholds["polarity_slope"]
        self._cuts = np.array([thresholds[f"polarity_cut_{score}"] for score in SCORES[:-1]])

    def probabilities(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Probability (n, 5) of each score from 1 to 5."""
        polarity = np.array([self.polarity(text) for text in texts], dtype=np.float64)
        above = 1 / (1 + np.exp(-(self._slope * polarity[:, None] - self._cuts)))
        bounds = np.hstack([np.ones((len(texts), 1)), above, np.zeros((len(texts), 1))])
        return np.asarray(bounds[:, :-1] - bounds[:, 1:])

    def polarity(self, text: str) -> float:
        """Sum of the polarities of the known words, divided by the square root of their number; 0 without any."""
        total, count, weight = 0.0, 0, 1.0
        sign, strength, modifier_at = 1.0, 1.0, -REACH
        for position, _, word in matches_in(tokens_of(text), self._words):
            if word is None or position - modifier_at > REACH:
                sign, strength = 1.0, 1.0
            if word is None:
                continue
            if word.kind == "negator":
                sign, modifier_at = word.value, position
            elif word.kind == "intensifier":
                strength, modifier_at = word.value, position
            elif word.kind == "contrast":
                weight, sign, strength = self._weight_after_contrast, 1.0, 1.0
            elif word.kind == "word":
                total += weight * sign * strength * word.value
                count += 1
                sign, strength = 1.0, 1.0
        return total / count**0.5 if count else 0.0
