"""Public posts by very pleased and very displeased customers, and about talk episodes."""

from __future__ import annotations

import numpy as np

from demo import comments, names, talk
from demo.clock import DAY
from demo.day import Day
from demo.people import LANGUAGES

_PLATFORMS = np.array(["microblog", "forum", "video", "reviews"], dtype=object)


def mention(day: Day) -> None:
    """Very pleased and very displeased customers post in public, under their handles."""
    people, random = day.state.people, day.random("mentions")
    drawn = random.random(day.state.size)
    few = np.flatnonzero(drawn < max(0.004, talk.posting_share(day)))
    feeling = day.satisfaction(few)
    gossiping = drawn[few] < talk.posting_share(day)
    moved = drawn[few] < 0.0008 * np.exp(np.minimum(np.abs(feeling), 1.6))
    posting = (gossiping | moved) & names.has_handle(people["person"][few])
    who, feeling = few[posting], feeling[posting]
    upset = gossiping[posting]
    count = who.size
    recent = day.number - people["trouble_day"][who] < 30
    aspect = np.where(recent & (people["trouble"][who] >= 0), people["trouble"][who], random.integers(0, 7, count))
    is_bad = upset | (feeling + random.normal(0, 0.3, count) < 0)
    text = comments.write_comments(random, people["language"][who], aspect, is_bad)
    text[upset] = talk.add_talk(day, random, text[upset], people["language"][who[upset]], everyone=True)
    late = random.random(count) < day.plan.defect_rate
    posted = day.moments(random, count)
    ids = names.numbered("M", day.state.number("mention", count), 8)
    day.defect("mentions", "late", ids[late].tolist(), "collected days after it was posted")
    day.write(
        "mentions",
        mention_id=ids,
        occurred_at=day.clock.stamps(posted - np.where(late, random.integers(2, 6, count), 0) * DAY),
        platform=_PLATFORMS[random.integers(0, 4, count)],
        author_handle=names.handles(people["person"][who]),
        text=text,
        language=LANGUAGES[people["language"][who]],
        reach=np.exp(random.normal(5.0, 1.5, count)).astype(np.int64),
        recorded_at=day.clock.stamps(posted),
    )
