"""Traits, phrases and thresholds of personas, from the seeds of `dbt_project/seeds/customer/`."""

from __future__ import annotations

from dataclasses import dataclass

from ml.lake import read_seed, read_thresholds
from warehouse.core.settings import Settings


@dataclass(frozen=True)
class Trait:
    """A row of `persona_traits`: a column of `features.customer_features` and its wording."""

    feature: str
    is_skewed: bool
    missing: str
    unit: str
    english: str
    chinese: str
    high: tuple[str, str]
    low: tuple[str, str]


@dataclass(frozen=True)
class Wording:
    """Traits by feature, in the order of the seed; phrases (English, Chinese) by code; thresholds by name."""

    traits: dict[str, Trait]
    phrases: dict[str, tuple[str, str]]
    thresholds: dict[str, float]


def read_wording(settings: Settings) -> Wording:
    """The seeds of personas, with the company's own lines.

    Raises:
        ModelError: if the lake lacks one of them.
    """
    traits = {
        str(row["feature"]): Trait(
            str(row["feature"]),
            bool(row["is_skewed"]),
            row["missing"],
            row["unit"],
            row["trait_en"],
            row["trait_zh"],
            (row["high_en"], row["high_zh"]),
            (row["low_en"], row["low_zh"]),
        )
        for _, row in read_seed(settings, "persona_traits").iterrows()
    }
    phrases = {
        str(row["phrase"]): (str(row["phrase_en"]), str(row["phrase_zh"]))
        for _, row in read_seed(settings, "persona_phrases").iterrows()
    }
    return Wording(traits, phrases, read_thresholds(settings, "customer_thresholds"))
