"""Topics: discovery without labels, stable ids, bursts, and quotes without personal data."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from demo.comments import write_comments
from demo.episodes import DATA_LEAK, OVERCHARGED, TALK, Episode
from ml.registry import Registry
from ml.use_cases.topics.bursts import q_values, volume
from ml.use_cases.topics.identity import Known, name_topics, remember
from ml.use_cases.topics.quotes import redact
from ml.use_cases.topics.score import score
from tests.ml.conftest import AS_OF, Company, settings_of

DAYS = 140


def texts(talk: Episode | None, seed: int = 5, night: date = AS_OF) -> pd.DataFrame:
    """Some 25 comments a day as the demo company writes them; in the last week some 8 a day mention an episode."""
    random = np.random.default_rng(seed)
    rows = []
    for ago in range(DAYS, 0, -1):
        count = int(random.poisson(25))
        language = random.integers(0, 2, count)
        written = write_comments(random, language, random.integers(0, 7, count), random.random(count) < 0.4)
        if talk and ago <= 7:
            words_of_episode = np.array(TALK[talk], dtype=object)[language]
            written[:8] = [f"{words}. {text}" for words, text in zip(words_of_episode[:8], written[:8], strict=True)]
        day = datetime.combine(night - timedelta(days=ago), datetime.min.time())
        rows += [
            (f"survey:{ago:04d}-{number:03d}", day + timedelta(hours=9), text) for number, text in enumerate(written)
        ]
    frame = pd.DataFrame(rows, columns=["text_id", "occurred_at", "text"])
    return frame.assign(
        as_of=night,
        source="survey",
        source_id=frame["text_id"],
        customer_key=[f"c{number % 301}" for number in range(len(frame))],
        text_hash=[hashlib.md5(text.encode(), usedforsecurity=False).hexdigest() for text in frame["text"]],
        own_score=np.nan,
        known_names="",
    )


@pytest.fixture(scope="module", params=[OVERCHARGED, DATA_LEAK], ids=["overcharged", "data_leak"])
def talked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Company, Episode]:
    """Two nights of a company with one sudden topic in the last week."""
    company = Company(settings_of(tmp_path_factory.mktemp("talked")))
    given = texts(request.param)
    night = AS_OF - timedelta(days=1)
    worth = pd.DataFrame({"customer_key": [f"c{number}" for number in range(301)], "expected_value_cents": 100.0})
    company.save("customer_features", AS_OF, worth)
    company.save("customer_texts", night, given[given["occurred_at"] < pd.Timestamp(night)].assign(as_of=night))
    company.save("customer_texts", AS_OF, given)
    registry = Registry(company.settings)
    for one in (night, AS_OF):
        score(company.settings, registry, one)
    return company, request.param


def test_a_sudden_topic_is_a_burst_in_both_languages(talked: tuple[Company, Episode]) -> None:
    company, episode = talked
    topics = company.scores("hot_topics")
    bursts = topics[topics["is_burst"]]
    words = {OVERCHARGED: ("overcharged", "扣费"), DATA_LEAK: ("leak", "泄露")}[episode]
    for language, word in zip(("en", "zh"), words, strict=True):
        found = bursts[(bursts["language"] == language) & bursts["terms"].str.contains(word)]
        assert len(found) >= 1
        burst = found.iloc[0]
        assert burst["mention_count"] >= 15 and burst["expected_count"] < 3 and burst["q_value"] < 0.05
        assert burst["customer_count"] <= burst["mention_count"]
        assert burst["value_exposed_cents"] == 100.0 * burst["customer_count"]
        assert word in burst["quote_1"]
    # the other topics of those texts are as usual
    others = topics[
        ~topics["terms"].str.contains("|".join((*words, "money", "退款", "read", "data", "个人", "信息", "听说")))
    ]
    assert len(others) >= 15 and others["is_burst"].mean() <= 0.1


def test_topics_keep_their_ids_from_night_to_night(talked: tuple[Company, Episode]) -> None:
    company, _ = talked
    before, tonight = company.scores("hot_topics", AS_OF - timedelta(days=1)), company.scores("hot_topics")
    stayed = tonight["topic_id"].isin(before["topic_id"])
    assert tonight.loc[stayed, "mention_count"].sum() / tonight["mention_count"].sum() > 0.8
    both = tonight.merge(before, on="topic_id", suffixes=("", "_before"))
    shared = [
        len({*a.split(", ")} & {*b.split(", ")}) for a, b in zip(both["terms"], both["terms_before"], strict=True)
    ]
    assert min(shared) >= 1
    assert (both["first_seen_on"] == AS_OF - timedelta(days=1)).all() and not both["is_new"].any()


def test_the_same_night_again_gives_the_same_rows(talked: tuple[Company, Episode]) -> None:
    company, _ = talked
    before = company.scores("hot_topics")
    score(company.settings, Registry(company.settings), AS_OF)
    pd.testing.assert_frame_equal(before, company.scores("hot_topics"))


def test_without_an_episode_at_most_two_bursts_are_flagged(company: Company) -> None:
    flagged, found = 0, 0
    for seed in range(4):
        company.save("customer_texts", AS_OF, texts(None, seed=100 + seed))
        score(company.settings, Registry(company.settings), AS_OF)
        topics = company.scores("hot_topics")
        flagged, found = flagged + int(topics["is_burst"].sum()), found + len(topics)
    assert found > 80 and flagged <= 2


def test_a_company_without_texts_has_an_empty_table_and_a_note(company: Company) -> None:
    _, notes = score(company.settings, Registry(company.settings), AS_OF)
    assert company.scores("hot_topics").empty and "there are no texts" in notes[0]


def test_p_values_under_the_null_hypothesis_are_not_too_small() -> None:
    """In weeks without a burst, at most 6 % of the p-values lie below 0.05, for overdispersed counts too."""
    random = np.random.default_rng(2)
    weekday = np.tile([1.5, 1.2, 1, 1, 1, 0.6, 0.4], 27)
    for rate, spread in ((0.1, 0.0), (3.0, 0.0), (3.0, 0.5)):
        weeks = random.gamma(1 / spread, spread, (1_000, 27)).repeat(7, axis=1) if spread else np.ones((1_000, 189))
        daily = random.poisson(rate * weekday * weeks).astype(float)
        found = np.array([volume(days, 7).p_value for days in daily])
        assert (found < 0.05).mean() <= 0.06 and (found < 0.01).mean() <= 0.02


def test_the_expected_count_follows_the_weekdays() -> None:
    daily = np.tile([0, 0, 0, 0, 0, 10.0, 4.0], 10)
    assert volume(daily, 2).expected == pytest.approx(14, abs=0.1)
    assert volume(daily, 7).mentions == 14 and volume(daily, 7).p_value > 0.3
    assert np.isnan(volume(daily[:21], 7).p_value)  # two weeks are not enough to know what is usual


def test_q_values_are_those_of_benjamini_and_hochberg() -> None:
    assert q_values(np.array([0.01, 0.04, np.nan, 0.03])) == pytest.approx([0.03, 0.04, np.nan, 0.04], nan_ok=True)


def test_a_returning_topic_keeps_its_id_and_a_new_topic_gets_a_new_one() -> None:
    spring, summer, today = date(2026, 3, 1), date(2026, 5, 1), date(2026, 6, 1)
    leak = Known("en-leak", "en", {"leak": 0.8, "data": 0.6}, spring, summer)
    bill = Known("en-bill", "en", {"bill": 1.0}, spring, summer)
    named = name_topics([{"data": 0.7, "leak": 0.714}, {"parcel": 1.0}], "en", [bill, leak], today, 0.5)
    assert named[0].topic_id == "en-leak" and named[0].first_seen_on == spring
    assert named[1].topic_id not in {"en-leak", "en-bill"} and named[1].first_seen_on == today
    assert {one.topic_id for one in remember(named, [bill, leak], today, 365)} >= {"en-bill", "en-leak"}
    assert "en-bill" not in {one.topic_id for one in remember(named, [bill, leak], today, 20)}


@pytest.mark.parametrize(
    ("text", "kept", "gone"),
    [
        ("Write to ann.lee@example.com or call +49 170 1234567", "[e-mail]", ["ann.lee", "1234567", "170"]),
        ("My contract AB-123456 at https://x.example/u?id=7 is wrong", "is wrong", ["AB-123456", "x.example"]),
        ("I spoke to Mr. Smith and then Maria Gomez hung up", "hung up", ["Smith", "Maria", "Gomez"]),
        ("@acme my name is John, please help", "please help", ["@acme", "John"]),
        ("Bo Ek never called back", "never called back", ["Bo Ek"]),
        ("我叫王小明,电话13812345678,请退款", "请退款", ["王小明", "13812345678"]),
        ("张先生态度很差,邮箱zhang@example.cn", "态度很差", ["张先生", "zhang@"]),
    ],
)
def test_quotes_hold_no_personal_data(text: str, kept: str, gone: list[str]) -> None:
    quote = redact(text, "Bo Ek|Ann Lee", frozenset({"call", "write", "the"}))
    assert kept in quote
    assert [word for word in gone if word in quote] == []
