"""Personas in words: a short name when they are found, and every night what they do more or less than others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ml.use_cases.personas.features import Floats, Trait, phrases, traits

#: Standard deviations from which a persona is said to be high or low.
NOTABLE = 0.4
NAMED, TOLD = 2, 4


def name_of(features: Sequence[str], centre: Floats, taken: set[str]) -> tuple[str, str]:
    """English and Chinese name by the strongest traits of a centre; more of them until it is nobody else's."""
    known = traits()
    order = np.argsort(-np.abs(centre), kind="stable")
    words = [known[features[i]].high if centre[i] > 0 else known[features[i]].low for i in order]
    notable = max(1, int((np.abs(centre[order]) >= NOTABLE).sum()))
    for count in range(min(NAMED, notable), len(words) + 1):
        english = ", ".join([words[0][0], *(word[0].lower() for word in words[1:count])])
        if english not in taken:
            return english, phrases()["between_names"][1].join(word[1] for word in words[:count])
    raise AssertionError("two centres are one")


def profiles(
    customers: pd.DataFrame, standardised: Floats, features: Sequence[str], labels: np.ndarray, currency: str
) -> dict[int, tuple[str, str]]:
    """English and Chinese profile by label: the traits that differ most from the median customer, with the numbers."""
    middle, known, words = np.median(standardised, axis=0), traits(), phrases()
    told = {}
    for label in np.unique(labels):
        own = labels == label
        away = standardised[own].mean(axis=0) - middle
        order = [i for i in np.argsort(-np.abs(away), kind="stable") if abs(away[i]) >= NOTABLE]
        all_parts = (_told(known[features[i]], customers[features[i]], own, away[i] > 0, currency) for i in order)
        parts = [part for part in all_parts if part][:TOLD]
        between = words["between_traits"]
        parts = parts or [words["like_the_median"]]
        told[int(label)] = (between[0].join(part[0] for part in parts), between[1].join(part[1] for part in parts))
    return told


def _told(
    trait: Trait, values: pd.Series[float], own: np.ndarray, is_high: bool, currency: str
) -> tuple[str, str] | None:
    """A trait in words; means are told where the medians do not differ, as where most customers have none.

    None where neither differs the same way: then only few of the persona's customers are high or low.
    """
    values = values.fillna(0.0) if trait.missing == "zero" else values
    level = "high" if is_high else "low"
    told = [(level, values[own].median(), values.median()), (f"{level}_on_average", values[own].mean(), values.mean())]
    shown = [
        (name, _shown(one, trait, currency), _shown(all_, trait, currency), one > all_) for name, one, all_ in told
    ]
    fitting = [(name, here, others) for name, here, others, above in shown if here != others and above == is_high]
    if not fitting:
        return None
    phrase, here, others = fitting[0]
    english, chinese = phrases()[phrase]
    return (
        english.format(trait=trait.english, here=here, others=others),
        chinese.format(trait=trait.chinese, here=here, others=others),
    )


def _shown(value: float, trait: Trait, currency: str) -> str:
    """The number as a person reads it."""
    if trait.unit == "money":
        return f"{value / 100:,.0f} {currency}"
    if trait.unit == "share":
        return f"{value:.0%}"
    return f"{value:,.1f}".removesuffix(".0")
