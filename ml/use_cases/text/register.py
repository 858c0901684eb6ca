"""Put a sentiment model before the gate: its figures, card and files."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from ml.promotion import Submission
from ml.use_cases.text.classifier import HASHES, TextClassifier, fit
from ml.use_cases.text.evaluate import Evaluation, evaluate
from ml.use_cases.text.features import fingerprint, read_texts, scored_comments
from ml.use_cases.text.promote import objections
from ml.use_cases.text.sentiment import LearnedSentiment
from warehouse.core.settings import Settings

NAME = "text_sentiment"
#: The model that scores, and the one of the same recipe that has not seen the comments it was tested on.
FINAL, UNSEEING = "text_sentiment", "text_sentiment_unseeing"


def prepare(settings: Settings, as_of: date) -> Submission:
    """Train and evaluate on the company's own scored comments of the window before `as_of`.

    Raises:
        ModelError: where there are too few; the lexicon then scores.
    """
    comments = scored_comments(read_texts(settings, as_of))
    evaluation = evaluate(comments)
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
            f"rank correlation {figures['rank_correlation']:.3f} with the customers' own scores out of time (lexicon "
            f"{figures['lexicon_rank_correlation']:.3f}), n = {figures['n']:,.0f}"
        ),
        write=partial(_write, model=model, evaluation=evaluation),
        objections=partial(_objections, evaluation=evaluation),
    )


def _objections(champion: Path | None, evaluation: Evaluation) -> list[str]:
    if champion is None:
        return objections(evaluation)
    return objections(evaluation, LearnedSentiment(TextClassifier.load(champion, UNSEEING)))


def _write(folder: Path, model: TextClassifier, evaluation: Evaluation) -> None:
    model.save(folder, FINAL)
    if isinstance(evaluation.sentiment, LearnedSentiment):
        evaluation.sentiment.classifier.save(folder, UNSEEING)


def _card(settings: Settings, as_of: date, figures: dict[str, float], model: TextClassifier) -> str:
    return f"""# Sentiment of texts, {settings.config.company}, as of {as_of}

**What it says.** How a comment, message or post feels, from 1 (very bad) to 5 (very good), with the probability of
that score. It is for seeing what moves customers and for reading the right texts first, not for judging a single
customer or employee.

**What it learnt from.** {figures["comments"]:,.0f} comments that came with a score of their own, in English and
Chinese alike.

**How it was tested.** On the latest fifth of the comments (n = {figures["n"]:,.0f}), learned from the earlier ones:
rank correlation with the customers' own scores {figures["rank_correlation"]:.3f} (lexicon
{figures["lexicon_rank_correlation"]:.3f}), within one point {figures["within_one"]:.1%} (lexicon
{figures["lexicon_within_one"]:.1%}), ranked probability score {figures["ranked_probability_score"]:.4f} (lexicon
{figures["lexicon_ranked_probability_score"]:.4f}; gain {figures["gain"]:.4f}, 95 % {figures["gain_low"]:.4f} to
{figures["gain_high"]:.4f}).

**What it is.** Logistic regression on n-grams of words and letters, hashed; strength {model.strength:g}, sharpness
{model.sharpness:.2f}.

**What to know.** A score is about more than the comment that came with it, so no text tells it exactly. Texts of a kind
that was never scored (tickets, posts) are scored as if they were survey comments.
"""
