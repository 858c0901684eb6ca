"""Sentiment from 1 to 5: lexicon, classifier, gate, aspects, and reuse of the previous run's scores."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from sklearn.feature_extraction.text import HashingVectorizer

from demo.comments import write_comments
from ml import skops_files
from ml.promotion import submit
from ml.registry import Registry
from ml.texts.clauses import clauses_of
from ml.texts.vocabulary import read_vocabulary
from ml.use_cases.text import classifier
from ml.use_cases.text import score as scoring
from ml.use_cases.text.aspects import score_aspects
from ml.use_cases.text.evaluate import evaluate, ranked_probability_score
from ml.use_cases.text.fallback import LexiconSentiment
from ml.use_cases.text.features import scored_comments
from ml.use_cases.text.promote import objections
from ml.use_cases.text.register import NAME, prepare
from ml.use_cases.text.score import score
from ml.use_cases.text.sentiment import predicted
from tests.ml.conftest import AS_OF, Company, shipped_settings
from warehouse.core.errors import ModelError

VOCABULARY = read_vocabulary(shipped_settings())
FEWEST_OF_A_SCORE = VOCABULARY.thresholds["fewest_of_a_score"]


def texts(count: int, seed: int = 3, noise: float = 0.5) -> pd.DataFrame:
    """Comments as the demo company writes them, with scores of their customers; `truth` is the feeling behind them."""
    random = np.random.default_rng(seed)
    feeling = random.normal(0, 1, count)
    language = random.integers(0, 2, count)
    written = write_comments(random, language, random.integers(0, 7, count), feeling < 0)
    score = np.clip(np.round(3.3 + 1.3 * feeling + random.normal(0, noise, count)), 1, 5)
    return frame(list(written), [float(one) for one in score]).assign(truth=feeling)


def frame(written: list[str], scores: list[float] | None = None) -> pd.DataFrame:
    """Rows of `features.customer_texts`, one per hour."""
    count = len(written)
    return pd.DataFrame(
        {
            "text_id": [f"survey:{number:05d}" for number in range(count)],
            "as_of": AS_OF,
            "source": "survey",
            "source_id": [f"{number:05d}" for number in range(count)],
            "customer_key": [f"c{number % 97}" for number in range(count)],
            "occurred_at": [datetime(2026, 1, 1) + timedelta(hours=number) for number in range(count)],
            "text": written,
            "text_hash": [hashlib.md5(text.encode(), usedforsecurity=False).hexdigest() for text in written],
            "own_score": scores or [np.nan] * count,
            "known_names": "",
        }
    )


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Great service, the agent was very friendly.", 4, 5),
        ("Terrible. I waited for hours and nobody helped.", 1, 2),
        ("客服非常专业,很满意", 4, 5),
        ("质量太差,再也不会来了", 1, 2),
        ("It is a parcel.", 2.9, 3.1),
        ("咨询账单", 2.9, 3.1),
    ],
)
def test_the_lexicon_separates_good_from_bad_in_both_languages(text: str, low: float, high: float) -> None:
    assert low <= predicted(LexiconSentiment(VOCABULARY).probabilities([text]))["mean_sentiment"][0] <= high


def test_a_negator_reverses_the_next_word_and_words_after_a_but_count_more() -> None:
    polarity = LexiconSentiment(VOCABULARY).polarity
    assert polarity("not good") < 0 < polarity("good")
    assert polarity("不满意") < 0 < polarity("满意")
    assert polarity("very good") > polarity("good") > polarity("somewhat good")
    assert polarity("broken but helpful") > 0 > polarity("helpful but broken")


def test_probabilities_add_up_and_the_ranked_score_penalises_distance() -> None:
    probabilities = LexiconSentiment(VOCABULARY).probabilities(["good", "bad", "", "不好"])
    assert probabilities.sum(axis=1) == pytest.approx(1) and (probabilities >= 0).all()
    sure_of_four = np.array([[0, 0, 0, 1.0, 0]])
    near, exact, far = (ranked_probability_score(sure_of_four, np.array([score]))[0] for score in (5, 4, 1))
    assert exact == 0 and near == 0.25 and far == 0.75


@pytest.mark.parametrize(
    "text",
    [
        "The packaging was broken but the agent was professional.",
        "包装破了但客服很专业",
        "包装破损,不过客服人员很专业。",
    ],
)
def test_a_text_with_praise_and_complaint_is_scored_by_aspect(text: str) -> None:
    rows = score_aspects([("t", text)], LexiconSentiment(VOCABULARY), VOCABULARY).set_index("aspect_code")
    assert rows["mean_sentiment"]["packaging"] < 3 < rows["mean_sentiment"]["agent"]
    assert rows["sentiment"]["packaging"] <= 2 and rows["sentiment"]["agent"] >= 4


def test_clauses_end_at_marks_and_conjunctions_but_not_inside_numbers() -> None:
    assert clauses_of("It cost 3.50, and 1,200 came late; however it works!", VOCABULARY) == [
        *("It cost 3.50", "1,200 came late", "it works"),
    ]
    assert clauses_of("送货很快，但是包装坏了。不但贵", VOCABULARY) == ["送货很快", "包装坏了", "不但贵"]  # noqa: RUF001
    assert clauses_of("the brand, Butter", VOCABULARY) == ["the brand", "Butter"]


@pytest.fixture(scope="module")
def learned() -> classifier.TextClassifier:
    comments = texts(1_500)
    return classifier.fit(list(comments["text"]), comments["own_score"].to_numpy(np.int64))


def test_predictions_correlate_with_the_true_feeling(learned: classifier.TextClassifier) -> None:
    others = texts(600, seed=9)
    expected = learned.probabilities(list(others["text"])) @ np.array(learned.labels)
    assert spearmanr(expected, others["truth"]).statistic > 0.7
    for language in ("a", "的"):  # English and Chinese alike
        in_language = others["text"].str.contains("[a-z]") == (language == "a")
        assert spearmanr(expected[in_language], others["truth"][in_language]).statistic > 0.65


def test_a_saved_model_loads_and_the_same_data_give_the_same_file(
    learned: classifier.TextClassifier, tmp_path: Path
) -> None:
    comments = texts(1_500)
    again = classifier.fit(list(comments["text"]), comments["own_score"].to_numpy(np.int64))
    learned.save(tmp_path / "one", "m")
    again.save(tmp_path / "two", "m")
    for file in ("m.skops", "m.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    loaded = classifier.TextClassifier.load(tmp_path / "one", "m")
    some = list(comments["text"][:50])
    assert (loaded.probabilities(some) == learned.probabilities(some)).all()


def test_the_file_of_a_model_does_not_depend_on_memory_addresses(tmp_path: Path) -> None:
    files = []
    for place in (1, 140671285836768):
        vectorizer = HashingVectorizer(n_features=16).fit(["late"])
        vectorizer._stop_words_id = place
        files.append(tmp_path / f"{place}.skops")
        skops_files.save({"words": vectorizer}, files[-1])
    assert files[0].read_bytes() == files[1].read_bytes()
    words = skops_files.load(files[0])["words"]
    assert words.transform(["late again"]).sum() == vectorizer.transform(["late again"]).sum()


def test_a_file_with_foreign_types_is_not_read(tmp_path: Path) -> None:
    skops_files.save({"where": tmp_path}, tmp_path / "m.skops")
    with pytest.raises(ModelError, match="scikit-learn only"):
        skops_files.load(tmp_path / "m.skops")


def test_mean_probabilities_equal_the_frequencies_of_the_scores(learned: classifier.TextClassifier) -> None:
    others = texts(2_000, seed=21)
    probabilities = learned.probabilities(list(others["text"]))
    happened = np.bincount(others["own_score"].astype(int), minlength=6)[1:] / len(others)
    assert abs(probabilities.mean(axis=0) - happened).max() < 0.03
    right = np.array(learned.labels)[probabilities.argmax(axis=1)] == others["own_score"].to_numpy()
    assert abs(right.mean() - probabilities.max(axis=1).mean()) < 0.12  # surer of the first choice than it ought to be


def test_the_gate_refuses_models_worse_than_the_lexicon_or_the_champion() -> None:
    good = evaluate(scored_comments(texts(1_200), FEWEST_OF_A_SCORE), VOCABULARY)
    assert objections(good) == []
    blind = texts(1_200)
    shuffled = blind["own_score"].sample(frac=1, random_state=1).to_numpy()
    knowing_nothing = evaluate(scored_comments(blind.assign(own_score=shuffled), FEWEST_OF_A_SCORE), VOCABULARY)

    class Perfect:
        def probabilities(self, asked: list[str]) -> np.ndarray:
            return np.eye(5)[good.scores - 1]

    assert "worse than the champion" in objections(good, Perfect())[0]
    assert knowing_nothing.figures["rank_correlation"] < 0.2


def test_too_few_scored_comments_train_no_model_and_the_lexicon_scores(company: Company) -> None:
    company.save("customer_texts", AS_OF, texts(300))
    with pytest.raises(ModelError, match="300 comments with a score of their own, 500"):
        prepare(company.settings, AS_OF)
    counts, notes = score(company.settings, Registry(company.settings), AS_OF)
    rows = company.scores("text_sentiment")
    assert set(rows["model_version"]) == {"lexicon"} and len(rows) == 300 == counts[0].rows_out
    assert "the lexicon scores" in notes[0]
    assert spearmanr(rows["mean_sentiment"], texts(300)["truth"]).statistic > 0.6


def test_a_company_without_texts_has_empty_tables(company: Company) -> None:
    score(company.settings, Registry(company.settings), AS_OF)
    assert company.scores("text_sentiment").empty and company.scores("text_aspects").empty


def test_the_champion_scores_only_texts_that_the_previous_run_did_not_score(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.save("customer_texts", AS_OF, texts(1_500))
    registry = Registry(company.settings)
    _, notes = submit(registry, prepare(company.settings, AS_OF))
    assert f"{NAME}: version 1 is champion" in notes[0]
    score(company.settings, registry, AS_OF)

    tomorrow = AS_OF + timedelta(days=1)
    more = pd.concat([texts(1_500), frame(["Utterly useless", "太棒了"]).assign(text_id=["survey:x", "survey:y"])])
    company.save("customer_texts", tomorrow, more.assign(as_of=tomorrow))
    asked = []
    original = scoring.score_aspects
    monkeypatch.setattr(
        scoring, "score_aspects", lambda given, *rest: original([asked.append(one) or one for one in given], *rest)
    )
    score(company.settings, registry, tomorrow)
    assert sorted(text for _, text in asked) == ["Utterly useless", "太棒了"]
    reused = {name: company.scores(name, tomorrow) for name in ("text_sentiment", "text_aspects")}

    forget(company, AS_OF)
    asked.clear()
    score(company.settings, registry, tomorrow)
    assert len(asked) > 100
    for name, rows in reused.items():
        pd.testing.assert_frame_equal(rows, company.scores(name, tomorrow))
    assert set(reused["text_sentiment"]["model_version"]) == {"1"}


def forget(company: Company, night: date) -> None:
    for name in ("text_sentiment", "text_aspects"):
        (company.settings.scores / name / f"as_of={night}" / "part-0.parquet").unlink()
