"""What scores a text from 1 to 5, learned or told by the lexicon: both behind one name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from ml.use_cases.text.classifier import Probabilities, TextClassifier
from ml.use_cases.text.fallback import SCORES, LexiconSentiment


class Sentiment(Protocol):
    """Probability (n, 5) of each score from 1 to 5."""

    def probabilities(self, texts: Sequence[str]) -> Probabilities: ...


@dataclass(frozen=True)
class LearnedSentiment:
    """A classifier whose labels are scores; one that nobody gave has no chance."""

    classifier: TextClassifier

    def probabilities(self, texts: Sequence[str]) -> Probabilities:
        found = np.zeros((len(texts), len(SCORES)))
        if texts:
            found[:, [label - 1 for label in self.classifier.labels]] = self.classifier.probabilities(texts)
        return found


def said(probabilities: Probabilities) -> pd.DataFrame:
    """Likeliest score (the lower of two alike), its probability, and the expected score."""
    scores = np.array(SCORES)
    likeliest = probabilities.round(6).argmax(axis=1)
    return pd.DataFrame(
        {
            "sentiment": scores[likeliest],
            "probability": probabilities[np.arange(len(probabilities)), likeliest].round(6),
            "mean_sentiment": (probabilities @ scores).round(6),
        }
    )


def sentiment_of(model: TextClassifier | None) -> Sentiment:
    """The company's own model, or the lexicon."""
    return LearnedSentiment(model) if model else LexiconSentiment()
