"""Predicts the score of a text, 1 to 5: a trained model or the lexicon, behind one interface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from ml.texts.vocabulary import Vocabulary
from ml.use_cases.text.classifier import Probabilities, TextClassifier
from ml.use_cases.text.fallback import SCORES, LexiconSentiment


class Sentiment(Protocol):
    """Predicts probabilities (n, 5) of the scores 1 to 5."""

    def probabilities(self, texts: Sequence[str]) -> Probabilities: ...


@dataclass(frozen=True)
class LearnedSentiment:
    """A classifier whose labels are scores. A score that it was not trained on has probability 0."""

    classifier: TextClassifier

    def probabilities(self, texts: Sequence[str]) -> Probabilities:
        """Probability (n, 5) of each score from 1 to 5."""
        found = np.zeros((len(texts), len(SCORES)))
        if texts:
            found[:, [label - 1 for label in self.classifier.labels]] = self.classifier.probabilities(texts)
        return found


def predicted(probabilities: Probabilities) -> pd.DataFrame:
    """From probabilities (n, 5): the likeliest score (the lower on a tie), its probability and the expected score."""
    scores = np.array(SCORES)
    likeliest = probabilities.round(6).argmax(axis=1)
    return pd.DataFrame(
        {
            "sentiment": scores[likeliest],
            "probability": probabilities[np.arange(len(probabilities)), likeliest].round(6),
            "mean_sentiment": (probabilities @ scores).round(6),
        }
    )


def sentiment_of(model: TextClassifier | None, vocabulary: Vocabulary) -> Sentiment:
    """The company's own model, or the lexicon if there is none."""
    return LearnedSentiment(model) if model else LexiconSentiment(vocabulary)
