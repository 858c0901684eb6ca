"""Sentiment by a lexicon of our own, for companies that have too few scored comments to learn from.

It needs no training data, so nothing in it is owed to anybody. Each word has a polarity; a negator before it turns it,
an intensifier strengthens it, and what follows a "but" counts more. The mean goes through an ordered logit (McCullagh
1980, Journal of the Royal Statistical Society B 42:109) to probabilities of the scores 1 to 5.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ml.use_cases.text.lexicon import found_in, parts_of
from ml.use_cases.text.seeds import sentiment_words, thresholds

#: Words, or Chinese letters, over which a negator or an intensifier reaches.
REACH = 4
SCORES = (1, 2, 3, 4, 5)


class LexiconSentiment:
    """Scores texts of both languages; the same words always give the same score."""

    version = "lexicon"

    def __init__(self) -> None:
        self._words = sentiment_words()
        numbers = thresholds()
        self._after_contrast = numbers["contrast_weight"]
        self._slope = numbers["polarity_slope"]
        self._cuts = np.array([numbers[f"polarity_cut_{score}"] for score in SCORES[:-1]])

    def probabilities(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Probability (n, 5) of each score from 1 to 5."""
        polarity = np.array([self.polarity(text) for text in texts], dtype=np.float64)
        above = 1 / (1 + np.exp(-(self._slope * polarity[:, None] - self._cuts)))
        bounds = np.hstack([np.ones((len(texts), 1)), above, np.zeros((len(texts), 1))])
        return np.asarray(bounds[:, :-1] - bounds[:, 1:])

    def polarity(self, text: str) -> float:
        """Sum of the polarities over the root of their number; 0 where no word of the lexicon is in it."""
        total, count, weight = 0.0, 0, 1.0
        turned, strength, since = 1.0, 1.0, -REACH
        for place, _, word in found_in(parts_of(text), self._words):
            if word is None or place - since > REACH:
                turned, strength = 1.0, 1.0
            if word is None:
                continue
            if word.kind == "negator":
                turned, since = word.value, place
            elif word.kind == "intensifier":
                strength, since = word.value, place
            elif word.kind == "contrast":
                weight, turned, strength = self._after_contrast, 1.0, 1.0
            elif word.kind == "word":
                total += weight * turned * strength * word.value
                count += 1
                turned, strength = 1.0, 1.0
        return total / count**0.5 if count else 0.0
