"""Submits a sentiment model to the gate, with its figures, card and files."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from ml.promotion import Submission
from ml.texts.history import read_texts
from ml.texts.vocabulary import read_vocabulary
from ml.use_cases.text.classifier import HASHES, TextClassifier, fit
from ml.use_cases.text.evaluate import Evaluation, evaluate
from ml.use_cases.text.features import fingerprint, scored_comments
from ml.use_cases.text.promote import objections
from ml.use_cases.text.sentiment import LearnedSentiment
from warehouse.core.settings import Settings

NAME = "text_sentiment"
#: File names of the model that scores and of its hold-out twin. Registered champions have files of these names.
FINAL, HOLD_OUT_TWIN = "text_sentiment", "text_sentiment_unseeing"


def prepare(settings: Settings, as_of: date) -> Submission:
    """Train and evaluate on the company's own scored comments of the window before `as_of`.

    Raises:
        ModelError: if there are too few; the lexicon then scores.
    """
    vocabulary = read_vocabulary(settings)
    comments = scored_comments(read_texts(settings, as_of), vocabulary.thresholds["fewest_of_a_score"])
    evaluation = evaluate(comments, vocabulary)
    model = fit(list(comments["text"]), comments["own_score"].to_numpy())
    figures = evaluation.figures
    return Submission(
        name=NAME,
        rows=len(comments),
        booster=None,
        params={
            "as_of": as_of.isoformat(),
            "comments": len(comments),
            "scores": ", ".join(map(str, model.labels)),
            "hashes": HASHES,
            "strength": model.strength,
            "sharpness": model.sharpness,
        },
        metrics=figures,
        tags={"as_of": as_of.isoformat(), "data_fingerprint": fingerprint(comments), "evaluated": "out of time"},
        card=_card(settings, as_of, figures, model),
        headline=(
            f"rank correlation {figures['rank_correlation']:.3f} with the customers' scores on later comments (lexicon "
            f"{figures['lexicon_rank_correlation']:.3f}), n = {figures['n']:,.0f}"
        ),
        write=partial(_write, model=model, evaluation=evaluation),
        objections=partial(_objections, evaluation=evaluation),
    )


def _objections(champion: Path | None, evaluation: Evaluation) -> list[str]:
    if champion is None:
        return objections(evaluation)
    return objections(evaluation, LearnedSentiment(TextClassifier.load(champion, HOLD_OUT_TWIN)))


def _write(folder: Path, model: TextClassifier, evaluation: Evaluation) -> None:
    model.save(folder, FINAL)
    if isinstance(evaluation.sentiment, LearnedSentiment):
        evaluation.sentiment.classifier.save(folder, HOLD_OUT_TWIN)


def _card(settings: Settings, as_of: date, figures: dict[str, float], model: TextClassifier) -> str:
    return f"""# Sentiment of texts, {settings.config.company}, as of {as_of}

**What it predicts.** The sentiment of a comment, message or post, from 1 (very bad) to 5 (very good), with the
probability of that score. Use it to see what moves customers and to choose which texts to read first, not to judge a
single customer or employee.

**Training data.** {figures["comments"]:,.0f} comments that came with a score of the customer, in English and Chinese.

**How it was tested.** Trained on the earlier comments, tested on the latest fifth (n = {figures["n"]:,.0f}): rank
correlation with the customers' own scores {figures["rank_correlation"]:.3f} (lexicon
{figures["lexicon_rank_correlation"]:.3f}), within one point {figures["within_one"]:.1%} (lexicon
{figures["lexicon_within_one"]:.1%}), ranked probability score {figures["ranked_probability_score"]:.4f} (lexicon
{figures["lexicon_ranked_probability_score"]:.4f}; gain {figures["gain"]:.4f}, 95 % {figures["gain_low"]:.4f} to
{figures["gain_high"]:.4f}).

**What it is.** Logistic regression on n-grams of words and letters, hashed; strength {model.strength:g}, sharpness
{model.sharpness:.2f}.

**Limits.** A score is about more than the comment that came with it, so no text predicts it exactly. Texts of other
kinds (tickets, posts), which have no score to learn from, are scored as if they were survey comments.
"""
