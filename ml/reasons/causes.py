"""Causes: which features belong together, and in which words they are described, from a seed of causes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ml.feature_set import OTHER, Feature, FeatureSet

NONE = ("none", "无")
#: `order(|s)`, `deliver(y|ies)` in the English measures.
_SINGULAR_OR_PLURAL = re.compile(r"\(([a-z]*)\|([a-z]*)\)")


@dataclass(frozen=True)
class Cause:
    """One feature of a cause; `risky` is the side of the typical value where its wording holds, '' for both."""

    position: int
    feature: Feature
    code: str
    risky: str = ""
    wording: tuple[str, str] = ("", "")
    unit: str = "number"
    measure: tuple[str, str] = ("", "")
    currency: str = ""

    def fits(self, value: float) -> bool:
        """Whether the wording holds for this value: it lies on the risky side of the typical value."""
        typical = self.feature.typical
        if not self.risky:
            return not math.isnan(value)
        if math.isnan(value) or typical is None:
            return False
        return value > typical if self.risky == "high" else value < typical

    def sentence(self, value: float) -> tuple[str, str]:
        """The reason in English and Chinese, with the customer's number and the typical one."""
        typical = self.feature.typical
        if math.isnan(value):
            return self._missing()
        own, usual = self._shown(value), self._shown(math.nan if typical is None else typical)
        number = 0 if value == 1 else 1
        measure = _SINGULAR_OR_PLURAL.sub(lambda found: found.group(1 + number), self.measure[0])
        english, chinese = measure.format(value=own[0]), self.measure[1].format(value=own[1])
        if not self.feature.categories:
            english, chinese = f"{english}, typical {usual[0]}", f"{chinese}，一般为 {usual[1]}"  # noqa: RUF001
        elif own != usual:
            english, chinese = f"{english}, most have {usual[0]}", f"{chinese}，多数为 {usual[1]}"  # noqa: RUF001
        if self.risky and self.fits(value):
            return f"{self.wording[0]}: {english}", f"{self.wording[1]}：{chinese}"  # noqa: RUF001
        return english[:1].upper() + english[1:], chinese

    def _missing(self) -> tuple[str, str]:
        name = self.feature.name
        if self.feature.categories:
            return f"Not recorded or rare: {name.replace('_', ' ')}", f"无记录或罕见：{name}"  # noqa: RUF001
        if self.feature.typical is None:
            return f"Not recorded: {name.replace('_', ' ')}", f"无记录：{name}"  # noqa: RUF001
        usual = self._shown(self.feature.typical)
        measure = _SINGULAR_OR_PLURAL.sub(r"\2", self.measure[0]).format(value=usual[0])
        return f"Nothing recorded; typical: {measure}", f"无记录；一般为：{self.measure[1].format(value=usual[1])}"  # noqa: RUF001

    def _shown(self, value: float) -> tuple[str, str]:
        shown = self.feature.shown(value)
        if shown is None:
            return NONE
        if shown == OTHER:
            return OTHER, "其他"
        if isinstance(shown, str):
            return shown, shown
        return _UNITS.get(self.unit, _number)(shown, self.currency)


@dataclass(frozen=True)
class Causes:
    """Causes by code, each with its features, in a fixed order."""

    members: dict[str, list[Cause]]


def causes_of(features: FeatureSet, currency: str, seed: pd.DataFrame) -> Causes:
    """The cause of every feature; a feature that the seed lacks is a cause of its own, described by its name.

    Args:
        features: features of the model.
        currency: code that stands before amounts of money.
        seed: lines of `churn_causes` or `satisfaction_root_causes`.
    """
    known = _rows(seed)
    members: dict[str, list[Cause]] = {}
    for position, feature in enumerate(features.features):
        row = known.get(feature.name) if feature.origin == "column" else None
        cause = _cause(position, feature, row, currency) if row else _own_cause(position, feature, currency)
        members.setdefault(cause.code, []).append(cause)
    return Causes(members)


def known_signs(seed: pd.DataFrame) -> dict[str, int]:
    """+1 for features of the seed whose growth can only raise the risk, -1 for those whose growth can only lower it."""
    signs = {"up": 1, "down": -1}
    return {name: signs[row["monotone"]] for name, row in _rows(seed).items() if row["monotone"] in signs}


def _rows(seed: pd.DataFrame) -> dict[str, dict[str, str]]:
    """The lines by feature; empty cells as ''."""
    lines = seed.astype(object).where(seed.notna(), "").to_dict(orient="records")
    return {str(line["feature"]): {str(name): str(cell) for name, cell in line.items()} for line in lines}


def _cause(position: int, feature: Feature, row: dict[str, str], currency: str) -> Cause:
    return Cause(
        position,
        feature,
        row["reason_code"],
        row["typical"],
        (row["wording_en"], row["wording_zh"]),
        row["unit"],
        (row["measure_en"], row["measure_zh"]),
        currency,
    )


def _own_cause(position: int, feature: Feature, currency: str) -> Cause:
    name = feature.name.replace("{", "(").replace("}", ")")
    readable = name.replace("_", " ")
    return Cause(
        position,
        feature,
        f"{feature.origin}_{name}",
        measure=(f"{readable}: {{value}}", f"{readable}：{{value}}"),  # noqa: RUF001
        currency=currency,
    )


def _number(value: float, _: str) -> tuple[str, str]:
    text = f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:,.1f}"
    return text, text


def _counted(singular: str, plural: str, chinese: str) -> Callable[[float, str], tuple[str, str]]:
    def show(value: float, _: str) -> tuple[str, str]:
        text = f"{value:,.0f}"
        return f"{text} {singular if text == '1' else plural}", f"{text} {chinese}"

    return show


def _minutes(value: float, _: str) -> tuple[str, str]:
    if abs(value) < 120:
        return f"{value:,.0f} min", f"{value:,.0f} 分钟"
    if abs(value) < 48 * 60:
        return f"{value / 60:,.1f} h", f"{value / 60:,.1f} 小时"
    return f"{value / 1440:,.1f} days", f"{value / 1440:,.1f} 天"


def _money(value: float, currency: str) -> tuple[str, str]:
    text = f"{currency} {value / 100:,.2f}"
    return text, text


def _percent(value: float, _: str) -> tuple[str, str]:
    text = f"{round(value * 100) or 0:,}"  # avoids a minus before zero
    return f"{text} %", f"{text}%"


def _score(value: float, _: str) -> tuple[str, str]:
    text = f"{value:.0f}" if value == round(value) else f"{value:.1f}"
    return text, text


def _change(value: float, _: str) -> tuple[str, str]:
    text = "0" if not value else f"{value:+.0f}" if value == round(value) else f"{value:+.1f}"
    return text, text


_UNITS: dict[str, Callable[[float, str], tuple[str, str]]] = {
    "days": _counted("day", "days", "天"),
    "months": _counted("month", "months", "个月"),
    "minutes": _minutes,
    "money": _money,
    "percent": _percent,
    "score": _score,
    "change": _change,
}
