"""Why customers leave and the reason they state: a code and free text, sometimes nothing, sometimes another cause."""

from __future__ import annotations

import numpy as np

from demo.typing import Array, Texts

#: True causes by number; the truth file names them. The last two are structural: the need ended.
CAUSES = np.array(["service", "price", "competitor", "moving", "no longer needed"], dtype=object)
SERVICE, PRICE, COMPETITOR, MOVING, NOT_NEEDED = range(5)
#: Stated reason of each cause: the code first, then en and zh texts.
_STATED = {
    "en": (
        ("poor service, problem never solved", "support was unfriendly and slow"),
        ("price too high after the increase", "too expensive"),
        ("switched to a competitor with a better offer", "another provider is cheaper"),
        ("moving to another city", "moving abroad"),
        ("no longer needed", "closed the business, no need any more"),
    ),
    "zh": (
        ("服务太差,问题一直没有解决", "客服态度差,响应慢"),
        ("涨价后太贵", "价格太高"),
        ("转到竞争对手,对方优惠更大", "换一家更便宜的"),
        ("搬家到其他城市", "移居国外"),
        ("不再需要", "停业,用不上了"),
    ),
}
_SILENT, _OTHER_THAN_TRUE, _CODED = 0.12, 0.1, 0.55


def _table() -> Texts:
    cells = [[[code, *texts] for code, texts in zip(CAUSES, _STATED[language], strict=True)] for language in _STATED]
    return np.array(cells, dtype=object)


_TABLE = _table()


def true_causes(random: np.random.Generator, satisfaction: Array, campaign: Array) -> Array:
    """Cause of each decision to leave: service for unhappy customers, a rival where one advertises, else the need."""
    drawn = random.random(satisfaction.size)
    cause = np.select([drawn < 0.4, drawn < 0.7], [MOVING, NOT_NEEDED], default=PRICE)
    cause = np.where(campaign & (drawn < 0.5), COMPETITOR, cause)
    unhappy = (satisfaction < -0.3) & (drawn > 0.15)
    blamed = np.select([drawn > 0.87, drawn > 0.7], [COMPETITOR, PRICE], default=SERVICE)
    found: Array = np.where(unhappy, blamed, cause)
    return found


def stated_reasons(random: np.random.Generator, cause: Array, language: Array) -> Texts:
    """Stated reason of each customer; `None` where none was stated."""
    count = cause.size
    other = random.random(count) < _OTHER_THAN_TRUE
    said = np.where(other, random.integers(0, CAUSES.size, count), cause)
    wording = np.where(random.random(count) < _CODED, 0, random.integers(1, 3, count))
    stated: Texts = _TABLE[language.astype(int), said.astype(int), wording]
    stated[random.random(count) < _SILENT] = None
    return stated
