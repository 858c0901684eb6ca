"""What churn is learnt from and told by: rows of the feature lake as matrices, point in time."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from ml.feature_set import FeatureSet, Matrix, column_names, discover
from ml.lake import connect, literal, nights, partition, relation
from warehouse.calendar import training_snapshots
from warehouse.configuration import ChurnConfig, Config
from warehouse.errors import ModelError
from warehouse.settings import Settings

#: Columns that say who, when or what for, not how the customer is.
NOT_FEATURES = ("customer_key", "as_of", "has_active_subscription", "has_ordered", "expected_value_cents")
#: Attributes that every company may have; its own are those of `rapport.yml`.
PROFILE = ("region", "segment", "country", "language", "acquisition_channel", "is_vip", "plan", "product")
MOST_EXAMPLES = 400_000
ROWS_AT_ONCE = 200_000
FOLDS = 5


@dataclass(frozen=True)
class Examples:
    """Rows of (customer, snapshot): `matrix` (n, features), `churned` 0/1, `days` the snapshot as days since 1970."""

    keys: npt.NDArray[np.object_]
    days: npt.NDArray[np.int64]
    churned: npt.NDArray[np.float64]
    matrix: Matrix

    def __len__(self) -> int:
        return len(self.keys)

    def where(self, mask: npt.NDArray[np.bool_]) -> Examples:
        return Examples(self.keys[mask], self.days[mask], self.churned[mask], self.matrix[mask])

    @property
    def folds(self) -> npt.NDArray[np.int64]:
        """A fold of 0-4 per row; a customer is always in the same one."""
        return np.array([zlib.crc32(str(key).encode()) % FOLDS for key in self.keys], dtype=np.int64)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the data, so that a model can be traced to exactly what it saw."""
        digest = hashlib.sha256("\n".join(map(str, self.keys)).encode())
        for part in (self.days, self.churned, self.matrix):
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()


@dataclass(frozen=True)
class Population:
    """Rows to be scored: `value_cents` is the margin lost if the customer leaves."""

    keys: npt.NDArray[np.object_]
    value_cents: npt.NDArray[np.float64]
    matrix: Matrix


def attribute_names(config: Config) -> list[str]:
    """Attributes that may be features: the company's own and the common ones, never the label."""
    customers = config.mapping("crm.customers")
    names = [*(customers.attributes if customers else ()), *PROFILE]
    return [name for name in names if name != config.churn.label_attribute]


class Labelled:
    """The labelled rows of the nights that a training on `as_of` may learn from.

    At most about `MOST_EXAMPLES` rows: above that, a fixed sample of customers.

    Raises:
        ModelError: where no labelled snapshot exists.
    """

    def __init__(self, settings: Settings, as_of: date) -> None:
        self._connection = connect()
        self._config = settings.config
        self._connection.execute(f"create view labelled as {_labelled(settings, as_of)}")
        total = self._connection.execute("select count(*) from labelled").fetchall()[0][0]
        if not total:
            raise ModelError(
                f"{settings.features}/churn_labels: no labels known by {as_of}; expected nights whose "
                f"{settings.config.churn.horizon_days} days have passed; train later, or shorten churn.horizon_days"
            )
        threshold = format(min(0xFFFFFFFF, int(0xFFFFFFFF * MOST_EXAMPLES / total)), "08x")
        self._connection.execute(
            "create table examples as select * from labelled "
            f"where substr(md5(customer_key), 1, 8) <= {literal(threshold)}"
        )

    def features(self) -> FeatureSet:
        """The features that these rows support, with what is typical on the last snapshot."""
        found = discover(self._connection, "examples", (*NOT_FEATURES, "churned"), attribute_names(self._config))
        if not found.features:
            raise ModelError("customer_features: no column varies; map more tables or attributes in the configuration")
        last = self.read(found)
        return found.with_typical(last.matrix[last.days == last.days.max()])

    def supports(self, features: FeatureSet) -> bool:
        """Whether every column that these features read is there."""
        present = column_names(self._connection, "examples")
        return all(feature.origin == "attribute" or feature.name in present for feature in features.features)

    def read(self, features: FeatureSet) -> Examples:
        """The examples, ordered by snapshot and customer."""
        table = self._connection.execute(
            f"select customer_key, date_diff('day', date '1970-01-01', as_of) as days, churned, {features.select()} "
            "from examples order by as_of, customer_key"
        ).to_arrow_table()
        columns = {name: table.column(name).to_numpy() for name in table.column_names}
        return Examples(
            columns["customer_key"].astype(object),
            columns["days"].astype(np.int64),
            columns["churned"].astype(np.float64),
            features.matrix(columns),
        )


def _labelled(settings: Settings, as_of: date) -> str:
    churn = settings.config.churn
    wanted = training_snapshots(churn, as_of)
    table = settings.features / "customer_features"
    features = [partition(table, night) for night in wanted if partition(table, night).exists()]
    if churn.definition == "attribute":
        return _labelled_by_attribute(churn, features)
    labels = [partition(settings.features / "churn_labels", night) for night in wanted]
    labels = [file for file in labels if file.exists()]
    if not features or not labels:
        found = ", ".join(map(str, nights(table)[-3:])) or "none"
        raise ModelError(
            f"{table}: expected snapshots from {wanted[0]} to {wanted[-1]}, found {found}; "
            "run `rapport train`, which builds them first"
        )
    return (
        f"select f.*, cast(l.is_churned as integer) as churned from {relation(features)} as f "
        f"join {relation(labels)} as l on l.customer_key = f.customer_key and l.as_of = f.as_of "
        f"where l.definition = {literal(churn.definition)} and l.known_from <= date '{as_of}'"
    )


def _labelled_by_attribute(churn: ChurnConfig, features: list[Any]) -> str:
    if not churn.label_attribute or churn.label_value is None:
        raise ModelError("churn.definition is 'attribute': set churn.label_attribute and churn.label_value too")
    if not features:
        raise ModelError("no customer_features of this night; run the night (or `rapport train`) first")
    label = literal('$."' + churn.label_attribute + '"')
    text = f"trim(json_extract_string(attributes, {label}))"
    return (
        f"select *, cast({text} = {literal(churn.label_value)} as integer) as churned "
        f"from {relation(features)} where nullif({text}, '') is not null"
    )


def read_population(settings: Settings, as_of: date, features: FeatureSet) -> Iterator[Population]:
    """The customers who can be lost on `as_of`, in chunks ordered by customer.

    contract: with a running subscription; lapse: who ever placed a paid order; attribute: all.

    Raises:
        ModelError: where the night has no features, or lacks a column the model was trained on.
    """
    file = partition(settings.features / "customer_features", as_of)
    if not file.exists():
        raise ModelError(f"{file}: no features of this night; run the build stage first")
    eligible = {"contract": "has_active_subscription", "lapse": "has_ordered"}
    condition = eligible.get(settings.config.churn.definition, "true")
    connection = connect()
    _require_columns(connection, file, features)
    chunks = connection.execute(
        f"select customer_key, coalesce(expected_value_cents, 0)::double as value_cents, {features.select()} "
        f"from {relation([file])} where {condition} order by customer_key"
    ).to_arrow_reader(ROWS_AT_ONCE)
    for chunk in chunks:
        columns = {name: chunk.column(name).to_numpy(zero_copy_only=False) for name in chunk.schema.names}
        yield Population(columns["customer_key"], columns["value_cents"], features.matrix(columns))


def _require_columns(connection: duckdb.DuckDBPyConnection, file: Path, features: FeatureSet) -> None:
    present = column_names(connection, relation([file]))
    lost = [feature.name for feature in features.features if feature.origin == "column" and feature.name not in present]
    if lost:
        raise ModelError(
            f"{file}: the champion needs the columns {', '.join(lost[:5])}, which are not there; run `rapport train`"
        )
