"""The behaviour of customers as a matrix of standardised traits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.lake import connect, partition, relation
from ml.use_cases.personas.wording import Trait
from warehouse.core.errors import ModelError
from warehouse.core.settings import Settings

Floats = npt.NDArray[np.float64]
#: A trait for which a larger share of the customers has the same value does not distinguish them.
MOST_ALIKE = 0.98
#: Values are clipped to this number of standard deviations, so that no persona consists of a few outliers.
FARTHEST = 3.0


@dataclass(frozen=True)
class Scale:
    """How a trait is standardised.

    Missing values become `filled`, skewed traits their logarithm; then `mean` is subtracted and `deviation` divides.
    """

    feature: str
    is_skewed: bool
    filled: float
    mean: float
    deviation: float

    def apply(self, values: Floats) -> Floats:
        """Standardised values (n,), clipped to `FARTHEST`."""
        known = transformed(np.where(np.isnan(values), self.filled, values), self.is_skewed)
        return np.asarray(np.clip((known - self.mean) / self.deviation, -FARTHEST, FARTHEST))


def read(settings: Settings, as_of: date, features: Iterable[str]) -> pd.DataFrame:
    """customer_key and those of `features` that the night has, of every customer with a contract or a purchase.

    Rows are ordered by customer_key.

    Raises:
        ModelError: if the night has no features.
    """
    file = partition(settings.features / "customer_features", as_of)
    if not file.exists():
        raise ModelError(f"{file}: no features of this night; run the build stage first")
    connection = connect()
    available = {row[0] for row in connection.execute(f"describe select * from {relation([file])}").fetchall()}
    columns = ", ".join(f'cast("{name}" as double) as "{name}"' for name in features if name in available)
    listed = f", {columns}" if columns else ""
    query = (
        f"select customer_key{listed} from {relation([file])} where has_active_subscription or has_ordered "
        "order by customer_key"
    )
    return connection.execute(query).df()


def scales(customers: pd.DataFrame, traits: Iterable[Trait]) -> list[Scale]:
    """How to standardise the traits that distinguish these customers; the other traits are left out."""
    found = []
    for trait in traits:
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
        compared = transformed(filled, trait.is_skewed)
        found.append(
            Scale(
                trait.feature,
                trait.is_skewed,
                round(fill, 6),
                round(float(compared.mean()), 9),
                round(float(compared.std()), 9),
            )
        )
    return found


def matrix(customers: pd.DataFrame, used: list[Scale]) -> Floats:
    """Standardised traits (n, traits); a trait without a column counts as missing for every customer."""
    missing = np.full(len(customers), np.nan)
    columns = [customers[s.feature].to_numpy(float) if s.feature in customers else missing for s in used]
    return np.column_stack([scale.apply(values) for scale, values in zip(used, columns, strict=True)])


def fingerprint(customers: pd.DataFrame) -> str:
    """SHA-256 of the rows."""
    return hashlib.sha256(pd.util.hash_pandas_object(customers, index=False).to_numpy().tobytes()).hexdigest()


def transformed(values: Floats, is_skewed: bool) -> Floats:
    """For a skewed trait the logarithm of 1 + |value|, with the sign of the value; else the value itself."""
    return np.asarray(np.sign(values) * np.log1p(np.abs(values)) if is_skewed else values)
