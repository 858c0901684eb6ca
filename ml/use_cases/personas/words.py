"""Describes personas: a short name at training, and every night a profile of the traits that distinguish them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ml.use_cases.personas.features import Floats
from ml.use_cases.personas.wording import Trait, Wording

#: Number of traits in a name, and largest number of traits in a profile.
NAMED, PROFILED = 2, 4


def name_of(features: Sequence[str], centre: Floats, taken: set[str], wording: Wording) -> tuple[str, str]:
    """English and Chinese name of a persona by the strongest traits of its centre; more traits if the name is taken."""
    known, notable_from = wording.traits, wording.thresholds["persona_notable_deviations"]
    order = np.argsort(-np.abs(centre), kind="stable")
    words = [known[features[i]].high if centre[i] > 0 else known[features[i]].low for i in order]
    notable = max(1, int((np.abs(centre[order]) >= notable_from).sum()))
    for count in range(min(NAMED, notable), len(words) + 1):
        english = ", ".join([words[0][0], *(word[0].lower() for word in words[1:count])])
        if english not in taken:
            return english, wording.phrases["between_names"][1].join(word[1] for word in words[:count])
    raise AssertionError("two personas have the same centre")


def profiles(
    customers: pd.DataFrame,
    standardised: Floats,
    features: Sequence[str],
    labels: np.ndarray,
    currency: str,
    wording: Wording,
) -> dict[int, tuple[str, str]]:
    """English and Chinese profile by label: the traits that differ most from the median customer, with numbers.

    Args:
        customers: a column per feature (n rows).
        standardised: the standardised traits (n, features).
        features: names of the traits.
        labels: persona of each customer (n,).
        currency: shown after amounts of money.
        wording: the seeds of personas.
    """
    median, between = np.median(standardised, axis=0), wording.phrases["between_traits"]
    notable_from = wording.thresholds["persona_notable_deviations"]
    found = {}
    for label in np.unique(labels):
        own = labels == label
        away = standardised[own].mean(axis=0) - median
        order = [i for i in np.argsort(-np.abs(away), kind="stable") if abs(away[i]) >= notable_from]
        described = (
            _described(features[i], customers[features[i]], own, away[i] > 0, currency, wording) for i in order
        )
        parts = [part for part in described if part][:PROFILED] or [wording.phrases["like_the_median"]]
        found[int(label)] = (between[0].join(part[0] for part in parts), between[1].join(part[1] for part in parts))
    return found


def _described(
    feature: str, values: pd.Series[float], own: np.ndarray, is_high: bool, currency: str, wording: Wording
) -> tuple[str, str] | None:
    """A trait in words, by its medians, or by its means if the medians are equal (most customers have none).

    None if neither differs in the expected direction: then only a few customers of the persona are high or low.
    """
    trait = wording.traits[feature]
    values = values.fillna(0.0) if trait.missing == "zero" else values
    level = "high" if is_high else "low"
    compared = [
        (level, values[own].median(), values.median()),
        (f"{level}_on_average", values[own].mean(), values.mean()),
    ]
    for phrase, here, others in compared:
        shown = {"here": _shown(here, trait, currency), "others": _shown(others, trait, currency)}
        if shown["here"] != shown["others"] and (here > others) == is_high:
            english, chinese = wording.phrases[phrase]
            return english.format(trait=trait.english, **shown), chinese.format(trait=trait.chinese, **shown)
    return None


def _shown(value: float, trait: Trait, currency: str) -> str:
    """The number in the unit of the trait."""
    if trait.unit == "money":
        return f"{value / 100:,.0f} {currency}"
    if trait.unit == "share":
        return f"{value:.0%}"
    return f"{value:,.1f}".removesuffix(".0")
