"""Purchase and contract histories of a night, as of the days that the value models need."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from ml.lake import connect, partition, relation
from ml.use_cases.value.purchase_counts import Floats
from warehouse.core.errors import ModelError
from warehouse.core.settings import Settings

DAYS_A_WEEK = 7.0
#: Larger companies fit on a sample of this size: its sampling error is far below the error of the model.
MOST_CUSTOMERS = 100_000


@dataclass(frozen=True)
class Purchases:
    """Sufficient statistics of buyers in weeks: `x`, `t_x`, `T`, and `counts`, the number of customers with each."""

    x: Floats
    t_x: Floats
    T: Floats
    counts: Floats


@dataclass(frozen=True)
class ValueDays:
    """The days of a night: itself, the earlier day it is compared with, and the day that the test predicts from."""

    night: date
    before: date
    holdout: date

    @classmethod
    def of(cls, settings: Settings, as_of: date) -> ValueDays:
        value = settings.config.value
        return cls(as_of, as_of - timedelta(days=value.movement_days), as_of - timedelta(days=value.holdout_days))


def read(settings: Settings, table: str, as_of: date, known_until: date) -> pd.DataFrame:
    """Rows of a history table of the night as of one day, ordered by all columns.

    Raises:
        ModelError: the night has no such file.
    """
    file = partition(settings.features / table, as_of)
    if not file.exists():
        raise ModelError(f"{file}: no such file; run the build stage of {as_of} first")
    query = f"select * from {relation([file])} where known_until = date '{known_until}' order by all"
    return connect().execute(query).df()


def purchases_of(histories: pd.DataFrame) -> Purchases:
    """The statistics of these customers, or of a fixed sample of about `MOST_CUSTOMERS`."""
    if len(histories) > MOST_CUSTOMERS:
        share = MOST_CUSTOMERS / len(histories)
        histories = histories[[_draw(key) < share for key in histories["customer_key"]]]
    columns = ["repeat_purchase_days", "recency_days", "age_days"]
    grouped = histories.groupby(columns, sort=True).size().reset_index(name="count")
    x, t_x, T = (grouped[column].to_numpy(float) for column in columns)
    return Purchases(x, t_x / DAYS_A_WEEK, T / DAYS_A_WEEK, grouped["count"].to_numpy(float))


def fingerprint(frame: pd.DataFrame) -> str:
    """SHA-256 of the rows."""
    return hashlib.sha256(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes()).hexdigest()


def _draw(key: str) -> float:
    """A number of the customer, uniform in [0, 1)."""
    return int(hashlib.md5(str(key).encode(), usedforsecurity=False).hexdigest()[:8], 16) / 2**32
