"""What customers do, as a matrix of standardised traits; the seed `persona_traits` says which and in which words."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.lake import connect, partition, relation
from warehouse.core.errors import ModelError
from warehouse.core.settings import PROJECT, Settings

Floats = npt.NDArray[np.float64]
SEEDS = PROJECT / "dbt_project" / "seeds" / "customer"
TRAITS, PHRASES = SEEDS / "persona_traits.csv", SEEDS / "persona_phrases.csv"
#: A trait that nearly all customers have alike says nothing about kinds of customers.
MOST_ALIKE = 0.98
#: Standard deviations beyond which a value counts no further, so that no persona is one odd customer.
FARTHEST = 3.0


@dataclass(frozen=True)
class Trait:
    """A row of the seed: a column of `features.customer_features` and its words."""

    feature: str
    is_skewed: bool
    missing: str
    unit: str
    english: str
    chinese: str
    high: tuple[str, str]
    low: tuple[str, str]


@dataclass(frozen=True)
class Scale:
    """How a trait is standardised: `filled` where missing, the logarithm where skewed, less `mean`, by `deviation`."""

    feature: str
    is_skewed: bool
    filled: float
    mean: float
    deviation: float

    def apply(self, values: Floats) -> Floats:
        """Standardised values (n,) within `FARTHEST`."""
        known = spread(np.where(np.isnan(values), self.filled, values), self.is_skewed)
        return np.asarray(np.clip((known - self.mean) / self.deviation, -FARTHEST, FARTHEST))


def traits(file: Path = TRAITS) -> dict[str, Trait]:
    """The seed by feature, in its order."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {
        row["feature"]: Trait(
            row["feature"],
            row["is_skewed"] == "true",
            row["missing"],
            row["unit"],
            row["trait_en"],
            row["trait_zh"],
            (row["high_en"], row["high_zh"]),
            (row["low_en"], row["low_zh"]),
        )
        for row in rows
    }


def phrases(file: Path = PHRASES) -> dict[str, tuple[str, str]]:
    """The seed `persona_phrases`: English and Chinese by phrase."""
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["phrase"]: (row["phrase_en"], row["phrase_zh"]) for row in csv.DictReader(lines)}


def read(settings: Settings, as_of: date) -> pd.DataFrame:
    """Key and traits of everybody with a contract or a purchase, in order of key, as far as there are such columns.

    Raises:
        ModelError: where the night has no features.
    """
    file = partition(settings.features / "customer_features", as_of)
    if not file.exists():
        raise ModelError(f"{file}: no features of this night; run the build stage first")
    connection = connect()
    held = {row[0] for row in connection.execute(f"describe select * from {relation([file])}").fetchall()}
    columns = ", ".join(f'cast("{name}" as double) as "{name}"' for name in traits() if name in held)
    listed = f", {columns}" if columns else ""
    query = (
        f"select customer_key{listed} from {relation([file])} where has_active_subscription or has_ordered "
        "order by customer_key"
    )
    return connection.execute(query).df()


def scales(customers: pd.DataFrame) -> list[Scale]:
    """How to standardise the traits that tell these customers apart."""
    found = []
    for trait in traits().values():
        if trait.feature not in customers:
            continue
        values = customers[trait.feature].to_numpy(float)
        known = values[~np.isnan(values)]
        if not len(known):
            continue
        fill = {"zero": 0.0, "typical": float(np.median(known)), "most": float(known.max())}[trait.missing]
        filled = np.where(np.isnan(values), fill, values)
        if np.unique(filled, return_counts=True)[1].max() > MOST_ALIKE * len(filled):
            continue
        shown = spread(filled, trait.is_skewed)
        found.append(
            Scale(
                trait.feature,
                trait.is_skewed,
                round(fill, 6),
                round(float(shown.mean()), 9),
                round(float(shown.std()), 9),
            )
        )
    return found


def matrix(customers: pd.DataFrame, used: list[Scale]) -> Floats:
    """Standardised traits (n, traits); a trait that is gone counts as missing for everybody."""
    gone = np.full(len(customers), np.nan)
    columns = [customers[s.feature].to_numpy(float) if s.feature in customers else gone for s in used]
    return np.column_stack([scale.apply(values) for scale, values in zip(used, columns, strict=True)])


def fingerprint(customers: pd.DataFrame) -> str:
    """SHA-256 of the rows."""
    return hashlib.sha256(pd.util.hash_pandas_object(customers, index=False).to_numpy().tobytes()).hexdigest()


def spread(values: Floats, is_skewed: bool) -> Floats:
    """The logarithm of 1 + value, with its sign, where a trait has few large values; else the value."""
    return np.asarray(np.sign(values) * np.log1p(np.abs(values)) if is_skewed else values)
