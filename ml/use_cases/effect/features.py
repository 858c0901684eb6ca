"""Outcomes of randomised tests, and features of the customers from before their assignment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.feature_set import FeatureSet, Matrix, discover
from ml.folds import fingerprint_of, folds_of
from ml.lake import connect, nights, partition, read_thresholds, relation
from ml.use_cases.effect.uplift import Floats
from warehouse.core.calendar import training_snapshots
from warehouse.core.errors import ModelError
from warehouse.core.settings import Settings

TABLE = "intervention_outcomes"
#: Metrics that are better when lower; their sign is reversed for the learner.
LESS_IS_BETTER = ("lost", "tickets")
_NOT_KNOWN_BEFORE = ("customer_key", "as_of", "experiment_id", "outcome", "is_treated")


@dataclass(frozen=True)
class Trial:
    """A test that is large enough to learn from, one row per customer ordered by key; a higher `outcome` is better."""

    experiment_id: str
    metric: str
    keys: npt.NDArray[np.object_]
    matrix: Matrix
    treated: npt.NDArray[np.bool_]
    outcome: Floats
    features: FeatureSet

    @property
    def folds(self) -> npt.NDArray[np.int64]:
        """A fold of each customer (n,)."""
        return folds_of(self.keys)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the data."""
        return fingerprint_of(self.keys, self.matrix, self.treated, self.outcome)


@dataclass(frozen=True)
class Minimum:
    """The smallest test to learn from: known outcomes in each arm, and how many of them must not be 0."""

    customers: int
    outcomes: int

    @classmethod
    def read(cls, settings: Settings) -> Minimum:
        """The numbers `uplift_arm_...` of the seed `models_thresholds`."""
        values = read_thresholds(settings, "models_thresholds")
        return cls(int(values["uplift_arm_customers"]), int(values["uplift_arm_outcomes"]))


def read_outcomes(settings: Settings, as_of: date) -> pd.DataFrame:
    """Rows of `features.intervention_outcomes`; none if the night has no such file."""
    file = partition(settings.features / TABLE, as_of)
    return pd.read_parquet(file) if file.exists() else pd.DataFrame()


def is_large_enough(group: pd.DataFrame, minimum: Minimum) -> bool:
    """Whether the rows of one test are enough to learn which customers the treatment changes most."""
    metric = group["declared_metric"].iloc[0]
    known = group[group[metric].notna()]
    for arm in ("treatment", "control"):
        values = known.loc[known["arm"] == arm, metric]
        if len(values) < minimum.customers or (values != 0).sum() < minimum.outcomes:
            return False
    return True


def largest_trial(settings: Settings, as_of: date) -> Trial:
    """The test whose smaller arm is largest, with the features of the last training snapshot before each assignment.

    Raises:
        ModelError: no test is large enough, or its customers had no features before the assignment.
    """
    outcomes, minimum = read_outcomes(settings, as_of), Minimum.read(settings)
    groups = {} if outcomes.empty else dict(list(outcomes.groupby("experiment_id", sort=True)))
    large = {name: group for name, group in groups.items() if is_large_enough(group, minimum)}
    if not large:
        raise ModelError(
            f"none of {len(groups)} randomised tests has {minimum.customers:,} customers with a known outcome and "
            f"{minimum.outcomes} with an outcome that is not 0 in each arm"
        )
    name = max(large, key=lambda one: (large[one].groupby("arm").size().min(), one))
    return trial_of(settings, as_of, str(name), large[name])


def trial_of(settings: Settings, as_of: date, name: str, group: pd.DataFrame) -> Trial:
    """One test with the features from before the assignments.

    Raises:
        ModelError: too few of its customers had features before the assignment.
    """
    metric = str(group["declared_metric"].iloc[0])
    folder = settings.features / "customer_features"
    available = set(nights(folder))
    days = [day for day in training_snapshots(settings.config.churn, as_of) if day in available]
    connection = connect()
    sign = -1.0 if metric in LESS_IS_BETTER else 1.0
    known = group[group[metric].notna()]
    subjects = known[["customer_key", "assigned_on"]].assign(
        is_treated=known["arm"] == "treatment", outcome=sign * known[metric].astype(float)
    )
    connection.register("subjects", subjects)
    if days:
        _join(connection, relation([partition(folder, day) for day in days]))
    count = connection.execute("select count(*) from trial").fetchall()[0][0] if days else 0
    if count < 2 * Minimum.read(settings).customers:
        raise ModelError(f"{name}: of {len(subjects):,} customers {count:,} had features before they were assigned")
    config = settings.config.mapping("crm.customers")
    attributes = [*(config.attributes if config else ()), "segment", "region", "plan", "product"]
    features = discover(connection, "trial", _NOT_KNOWN_BEFORE, attributes)
    return _trial(connection, name, metric, features)


def _trial(connection: duckdb.DuckDBPyConnection, name: str, metric: str, features: FeatureSet) -> Trial:
    table = connection.execute(
        f"select customer_key, is_treated, outcome, {features.select()} from trial order by customer_key"
    ).to_arrow_table()
    columns = {column: table.column(column).to_numpy() for column in table.column_names}
    return Trial(
        name,
        metric,
        columns["customer_key"].astype(object),
        features.matrix({column: columns[column] for column in columns if column.startswith("f")}),
        columns["is_treated"].astype(bool),
        columns["outcome"].astype(np.float64),
        features,
    )


def _join(connection: duckdb.DuckDBPyConnection, snapshots: str) -> None:
    """Create the table `trial`: each subject with its last snapshot on or before the day of assignment."""
    connection.execute(
        f"""
        create table trial as
        with snapshots as (select * from {snapshots}),
        last_ones as (
            select subjects.customer_key, max(snapshots.as_of) as as_of
            from subjects join snapshots
                on subjects.customer_key = snapshots.customer_key and snapshots.as_of <= subjects.assigned_on
            group by subjects.customer_key
        )
        select snapshots.*, subjects.is_treated, subjects.outcome
        from subjects
        join last_ones using (customer_key)
        join snapshots on last_ones.customer_key = snapshots.customer_key and last_ones.as_of = snapshots.as_of
        """
    )
