"""Rows of the feature lake as matrices, point in time: labelled rows to learn from, and the population to score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

from ml.classifier.target import Target
from ml.feature_set import FeatureSet, Matrix, column_names, discover
from ml.folds import fingerprint_of, folds_of
from ml.lake import connect, literal, nights, partition, relation
from warehouse.core.errors import ModelError
from warehouse.core.settings import Settings

MOST_EXAMPLES = 400_000
ROWS_AT_ONCE = 200_000
#: SQL of a customer's segment; some figures are reported per segment.
SEGMENT = "coalesce(nullif(trim(json_extract_string(attributes, '$.segment')), ''), '')"


@dataclass(frozen=True)
class Examples:
    """Rows of (customer, snapshot): `matrix` (n, features), `truth` 0/1, `days` the snapshot as days since 1970,
    `value_cents` the value lost with the customer, `segments` the customer's segment or ''."""

    keys: npt.NDArray[np.object_]
    days: npt.NDArray[np.int64]
    truth: npt.NDArray[np.float64]
    value_cents: npt.NDArray[np.float64]
    segments: npt.NDArray[np.object_]
    matrix: Matrix

    def __len__(self) -> int:
        return len(self.keys)

    def where(self, mask: npt.NDArray[np.bool_]) -> Examples:
        return Examples(
            self.keys[mask],
            self.days[mask],
            self.truth[mask],
            self.value_cents[mask],
            self.segments[mask],
            self.matrix[mask],
        )

    @property
    def positives(self) -> int:
        return int(self.truth.sum())

    @property
    def is_timeless(self) -> bool:
        """Whether there is a single snapshot, so that no test on a later one is possible."""
        return len(np.unique(self.days)) == 1

    @property
    def folds(self) -> npt.NDArray[np.int64]:
        """A fold of 0-4 per row; a customer is always in the same one."""
        return folds_of(self.keys)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the data, so that a model can be traced to the data it was fitted on."""
        return fingerprint_of(self.keys, self.days, self.truth, self.matrix)


@dataclass(frozen=True)
class Population:
    """Rows to score; `value_cents` (n,) is the margin lost with each customer."""

    keys: npt.NDArray[np.object_]
    value_cents: npt.NDArray[np.float64]
    matrix: Matrix


class Labelled:
    """The labelled rows (customer, snapshot) that a training on `as_of` may learn from; the only way to training data.

    Features are those written for the snapshot, so they contain only earlier events. A label counts if it was known
    `embargo_days` before `as_of`. `read` returns at most about `MOST_EXAMPLES` rows, those of a fixed random sample of
    customers; `batches` returns all rows, in parts.

    Raises:
        ModelError: no labelled snapshot exists.
    """

    def __init__(self, settings: Settings, as_of: date, target: Target) -> None:
        self._connection = connect()
        self._target = target
        self._nights = [_labelled(settings, as_of, target, [night]) for night in _nights(settings, target)]
        self._connection.execute(f"create view labelled as {_labelled(settings, as_of, target, target.snapshots)}")
        total = self._connection.execute("select count(*) from labelled").fetchall()[0][0]
        if not total:
            raise ModelError(
                f"{settings.features}/{target.labels}: no labels known by {as_of}; expected nights whose "
                f"{target.horizon_days} days have passed; train later, or shorten the horizon"
            )
        #: The share of customers whose rows are read.
        self.sampled = min(1.0, MOST_EXAMPLES / total)
        threshold = format(int(0xFFFFFFFF * self.sampled), "08x")
        self._connection.execute(
            "create table examples as select * from labelled "
            f"where substr(md5(customer_key), 1, 8) <= {literal(threshold)}"
        )

    def features(self) -> FeatureSet:
        """The features of these rows, with the typical values of the last snapshot."""
        excluded = (*self._target.excluded, "customer_key", "as_of", "truth")
        found = discover(self._connection, "examples", excluded, self._target.attributes)
        if not found.features:
            raise ModelError(
                f"{self._target.features}: no column varies; map more tables or attributes in the configuration"
            )
        last = self.read(found)
        return found.with_typical(last.matrix[last.days == last.days.max()])

    def supports(self, features: FeatureSet) -> bool:
        """Whether the rows have every column that these features read."""
        present = column_names(self._connection, "examples")
        return all(feature.origin == "attribute" or feature.name in present for feature in features.features)

    def batches(self, features: FeatureSet) -> Iterator[tuple[Matrix, npt.NDArray[np.float64]]]:
        """Matrix and truth of every labelled row, by snapshot and customer, at most `ROWS_AT_ONCE` at a time."""
        for night in self._nights:
            chunks = self._connection.execute(
                f"select truth, {features.select()} from ({night}) order by customer_key"
            ).to_arrow_reader(ROWS_AT_ONCE)
            for chunk in chunks:
                columns = {name: chunk.column(name).to_numpy(zero_copy_only=False) for name in chunk.schema.names}
                yield features.matrix(columns), columns["truth"].astype(np.float64)

    def read(self, features: FeatureSet) -> Examples:
        """The examples, ordered by snapshot and customer."""
        segment = SEGMENT if "attributes" in column_names(self._connection, "examples") else "''"
        table = self._connection.execute(
            "select customer_key, date_diff('day', date '1970-01-01', as_of) as days, truth, "
            f"cast({self._target.value_cents} as double) as value_cents, {segment} as segment, {features.select()} "
            "from examples order by as_of, customer_key"
        ).to_arrow_table()
        columns = {name: table.column(name).to_numpy() for name in table.column_names}
        return Examples(
            columns["customer_key"].astype(object),
            columns["days"].astype(np.int64),
            columns["truth"].astype(np.float64),
            columns["value_cents"].astype(np.float64),
            columns["segment"].astype(object),
            features.matrix(columns),
        )


def _nights(settings: Settings, target: Target) -> list[date]:
    """The snapshots that have features and, where there is a table of them, labels."""
    tables = [target.features] if target.attribute else [target.features, target.labels]
    return [
        night
        for night in target.snapshots
        if all(partition(settings.features / table, night).exists() for table in tables)
    ]


def _labelled(settings: Settings, as_of: date, target: Target, snapshots: Sequence[date]) -> str:
    table = settings.features / target.features
    features = [partition(table, night) for night in snapshots if partition(table, night).exists()]
    if target.attribute:
        return _labelled_by_attribute(features, target, as_of)
    labels = [partition(settings.features / target.labels, night) for night in snapshots]
    labels = [file for file in labels if file.exists()]
    if not features or not labels:
        found = ", ".join(map(str, nights(table)[-3:])) or "none"
        raise ModelError(
            f"{table}: expected snapshots from {target.snapshots[0]} to {target.snapshots[-1]}, found {found}; "
            "run `rapport train`, which builds them first"
        )
    defined = f"l.definition = {literal(target.definition)} and " if target.definition else ""
    return (
        f"select f.*, cast(l.{target.label} as integer) as truth from {relation(features)} as f "
        f"join {relation(labels)} as l on l.customer_key = f.customer_key and l.as_of = f.as_of "
        f"where {defined}cast(l.known_from as date) + {target.embargo_days} <= date '{as_of}' "
        f"and l.{target.label} is not null"
    )


def _labelled_by_attribute(features: list[Path], target: Target, as_of: date) -> str:
    if not features or not target.attribute:
        raise ModelError(f"no {target.features} of {as_of}; run the night (or `rapport train`) first")
    name, value = target.attribute
    label = literal('$."' + name + '"')
    text = f"trim(json_extract_string(attributes, {label}))"
    return (
        f"select *, cast({text} = {literal(value)} as integer) as truth "
        f"from {relation(features)} where nullif({text}, '') is not null"
    )


def read_population(settings: Settings, as_of: date, target: Target, features: FeatureSet) -> Iterator[Population]:
    """The customers to score on `as_of` (`target.eligible`), in chunks ordered by customer.

    Raises:
        ModelError: the night has no features, or lacks a column the model was trained on.
    """
    file = partition(settings.features / target.features, as_of)
    if not file.exists():
        raise ModelError(f"{file}: no features of this night; run the build stage first")
    connection = connect()
    _require_columns(connection, file, features)
    chunks = connection.execute(
        f"select customer_key, cast({target.value_cents} as double) as value_cents, {features.select()} "
        f"from {relation([file])} where {target.eligible} order by customer_key"
    ).to_arrow_reader(ROWS_AT_ONCE)
    for chunk in chunks:
        columns = {name: chunk.column(name).to_numpy(zero_copy_only=False) for name in chunk.schema.names}
        yield Population(columns["customer_key"], columns["value_cents"], features.matrix(columns))


def _require_columns(connection: duckdb.DuckDBPyConnection, file: Path, features: FeatureSet) -> None:
    present = column_names(connection, relation([file]))
    lost = [feature.name for feature in features.features if feature.origin == "column" and feature.name not in present]
    if lost:
        raise ModelError(
            f"{file}: expected the columns {', '.join(lost[:5])} of the champion, they are missing; run `rapport train`"
        )
