"""Comments in English and Chinese: an aspect, liked or not, and often a second one."""

from __future__ import annotations

import numpy as np

from demo.typing import Array, Texts

ASPECTS = ("delivery", "outage", "price", "speed", "agent", "product", "app")
DELIVERY, OUTAGE, PRICE, SPEED, AGENT, PRODUCT, APP = range(7)

#: aspect -> (en liked, en disliked, zh liked, zh disliked); three phrases each.
_PHRASES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "delivery": (
        ("the parcel came right on time", "delivery was quick and as promised", "everything arrived well packed"),
        (
            "the delivery came days later than promised",
            "my parcel was late again",
            "nobody told me the delivery was delayed",
        ),
        ("送货很准时", "物流很快,说到做到", "包装完好,按时收到"),
        ("送货比承诺晚了好几天", "包裹又迟到了", "延误了也没有人通知我"),
    ),
    "outage": (
        ("the connection is stable", "the network works everywhere", "no failures for months"),
        ("the connection was down again", "we had an outage for hours", "the network keeps failing"),
        ("网络很稳定", "信号到处都好", "几个月都没出过故障"),
        ("网络又断了", "断网好几个小时", "信号总是出问题"),
    ),
    "price": (
        ("good value for the money", "the price is fair", "the tariff is cheaper than elsewhere"),
        ("the price went up again", "it has become too expensive", "I pay more for the same service"),
        ("性价比很高", "价格合理", "资费比别家便宜"),
        ("又涨价了", "越来越贵了", "同样的服务却要付更多钱"),
    ),
    "speed": (
        ("I got an answer within the hour", "support answered fast", "the problem was solved the same day"),
        ("I waited days for an answer", "nobody called back", "the problem is still not solved"),
        ("一小时内就得到答复", "客服回复很快", "问题当天就解决了"),
        ("等了好几天才有回复", "没有人回电话", "问题到现在还没解决"),
    ),
    "agent": (
        ("the agent was friendly and competent", "the lady on the phone really helped", "very professional staff"),
        ("the agent was rude", "the staff did not know what to do", "I was passed from one person to the next"),
        ("客服人员友好又专业", "接线员真的帮了大忙", "工作人员很专业"),
        ("客服态度很差", "工作人员什么都不懂", "被推来推去没人负责"),
    ),
    "product": (
        ("the product does what it should", "great quality", "I like the new device"),
        ("the product broke after a week", "poor quality", "the device does not work properly"),
        ("产品很好用", "质量很好", "新设备很喜欢"),
        ("产品用了一周就坏了", "质量太差", "设备用不了"),
    ),
    "app": (
        ("the app is easy to use", "paying in the app is simple", "the website is clear"),
        ("the app crashes all the time", "I cannot find my bill in the app", "the website is confusing"),
        ("手机应用很方便", "在线缴费很简单", "网站很清楚"),
        ("应用老是闪退", "在应用里找不到账单", "网站太乱了"),
    ),
}
_ENDINGS = (
    ("", " Thank you.", " I would recommend you.", ""),
    ("", " I expect better.", " Please fix this.", " I am thinking of leaving."),
    ("", "谢谢!", "会推荐给朋友。", ""),
    ("", "希望改进。", "请尽快处理。", "考虑换一家了。"),
)


def _table() -> Texts:
    """Phrases by [language, disliked, aspect, variant]."""
    cells = [[[_PHRASES[aspect][2 * language + bad] for aspect in ASPECTS] for bad in (0, 1)] for language in (0, 1)]
    return np.array(cells, dtype=object)


_TABLE = _table()
_END = np.array(_ENDINGS, dtype=object)


def write_comments(random: np.random.Generator, language: Array, aspect: Array, is_bad: Array) -> Texts:
    """One comment per row about an aspect; two in five have a second aspect, which may have the opposite sentiment."""
    count = language.size
    language, bad = language.astype(int), is_bad.astype(int)
    first: Texts = _TABLE[language, bad, aspect, random.integers(0, 3, count)]
    other_bad = np.where(random.random(count) < 0.6, bad, 1 - bad)
    other = (aspect + random.integers(1, len(ASPECTS), count)) % len(ASPECTS)
    second: Texts = _TABLE[language, other_bad, other, random.integers(0, 3, count)]
    link = np.where(
        language == 1,
        np.where(other_bad == bad, ",而且", ",不过"),
        np.where(other_bad == bad, ", and ", ", but "),
    ).astype(object)
    both = random.random(count) < 0.4
    text: Texts = first.copy()
    text[both] = first[both] + link[both] + second[both]
    stop = np.where(language == 1, "。", ".").astype(object)
    written: Texts = text + stop + _END[2 * language + bad, random.integers(0, 4, count)]
    return np.array([line[0].upper() + line[1:] for line in written.tolist()], dtype=object).reshape(written.shape)
