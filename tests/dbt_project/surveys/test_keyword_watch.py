"""Watched keywords, counted in all texts: English by words, Chinese by characters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.dbt_project.surveys.conftest import Reader, seed
from tests.dbt_project.surveys.small_company import MENTIONS, MIDNIGHT, RESPONSES, TICKETS


def texts() -> Iterator[tuple[str, datetime, str | None, str]]:
    for response in RESPONSES:
        if response["comment"]:
            yield "survey", response["responded_at"], response["customer_id"], response["comment"]
    for ticket in TICKETS:
        yield "ticket", ticket["opened_at"], ticket["customer_id"], ticket["text"]
    for mention in MENTIONS:
        yield "social", mention["occurred_at"], None, mention["text"]


def is_mentioned(spelling: dict[str, str], text: str) -> bool:
    if spelling["language"] == "zh":
        return spelling["spelling"] in text
    return re.search(rf"(?<![a-z0-9]){re.escape(spelling['spelling'])}(?![a-z0-9])", text.lower()) is not None


def test_mentions_customers_and_levels_follow_from_the_texts(published: Reader) -> None:
    spellings = defaultdict(list)
    for row in seed("keyword_spellings"):
        spellings[row["keyword_code"]].append(row)
    watched = published("keyword_watch", "keyword_code")
    assert set(watched.index) == set(spellings)
    recent = [text for text in texts() if text[1] >= MIDNIGHT - timedelta(days=7)]
    rules = {row["keyword_code"]: row for row in seed("keyword_rules")}
    for keyword, row in watched.iterrows():
        hits = [text for text in recent if any(is_mentioned(spelling, text[3]) for spelling in spellings[keyword])]
        chinese = [
            hit for hit in hits if any(is_mentioned(s, hit[3]) for s in spellings[keyword] if s["language"] == "zh")
        ]
        assert row["mention_count"] == len(hits)
        assert row["chinese_count"] == len(chinese)
        assert row["customer_count"] == len({hit[2] for hit in hits if hit[2]})
        sources = [sum(hit[0] == source for hit in hits) for source in ("survey", "ticket", "social")]
        assert [row["survey_count"], row["ticket_count"], row["social_count"]] == sources
        threshold = int(rules[keyword]["threshold_count"] or 5)
        raised = int(rules[keyword]["raised_level"] or 2)
        assert row["level"] == (raised if len(hits) > threshold else min(len(hits), 1))
    assert set(watched["level"]) == {0, 2}
    assert watched.loc["rude_staff", "english_count"] > 0
    assert watched.loc["rude_staff", "chinese_count"] > 0
