"""Sentiment and topics on texts that people wrote, in Chinese and English, by the learner that the product uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluations import Evaluation, reviews_zh, tweets_en


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return _evaluated(reviews_zh.FILE, reviews_zh, tmp_path_factory.mktemp("reviews"))


@pytest.fixture(scope="module")
def tweets(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return _evaluated(tweets_en.FILE, tweets_en, tmp_path_factory.mktemp("tweets"))


def _evaluated(file: Path, module: object, work: Path) -> Evaluation:
    if not file.exists():
        pytest.skip(f"the shared data set {file.parent.name} is not at {file.parent.parent}")
    found = module.evaluate(work)  # type: ignore[attr-defined]
    assert isinstance(found, Evaluation)
    return found


def test_nine_in_ten_chinese_reviews_are_classified_right(reviews: Evaluation) -> None:
    assert reviews.figures["accuracy"] >= 0.90
    assert reviews.figures["accuracy_low"] > reviews.figures["naive_bayes_accuracy"]
    assert reviews.figures["lexicon_accuracy"] >= 0.75
    assert reviews.figures["calibration_error"] <= 0.03


@pytest.mark.slow
def test_english_tweets_are_classified_as_negative_neutral_or_positive(tweets: Evaluation) -> None:
    assert tweets.figures["accuracy"] >= 0.82
    assert tweets.figures["macro_f1"] >= 0.76
    assert tweets.figures["accuracy_low"] > tweets.figures["naive_bayes_accuracy"]
    assert tweets.figures["calibration_error"] <= 0.04


@pytest.mark.slow
def test_five_hundred_scored_texts_are_better_than_the_lexicon(reviews: Evaluation, tweets: Evaluation) -> None:
    for found in (reviews, tweets):
        assert found.figures["accuracy_of_500"] > found.figures["lexicon_accuracy"]


@pytest.mark.slow
def test_topics_found_without_labels_agree_with_the_reasons_that_people_gave(tweets: Evaluation) -> None:
    assert tweets.figures["topic_purity"] >= tweets.figures["commonest_reason_share"] + 0.2
    assert tweets.figures["topic_mutual_information"] >= 0.2
