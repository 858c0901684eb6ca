"""Answered surveys, and what happened to the customer before each answer, as a matrix."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import duckdb
import numpy as np
import numpy.typing as npt

from ml.feature_set import FeatureSet, Matrix, column_names, discover
from ml.folds import fingerprint_of, folds_of
from ml.lake import connect, partition, read_thresholds, relation
from warehouse.core.errors import ModelError
from warehouse.core.settings import Settings

OUTCOMES = ("csat", "nps", "ces")
NOT_DRIVERS = (*OUTCOMES, "outcome", "response_id", "customer_key", "as_of", "responded_at")
MOST_RESPONSES = 100_000
OVERALL = "all"
#: The journey step that is rated: a category, and the only text among the drivers.
STEP = "touchpoint"


@dataclass(frozen=True)
class Responses:
    """Responses with a score, oldest first; all arrays have one entry per response (n,).

    `outcome` is on its own scale; `matrix` is (n, columns), missing values NaN. `keys` identifies the person (the
    response if the customer is unknown). `customers`, `segments`, `teams` and `steps` are "" if unknown.
    """

    keys: npt.NDArray[np.object_]
    response_ids: npt.NDArray[np.object_]
    customers: npt.NDArray[np.object_]
    days: npt.NDArray[np.datetime64]
    segments: npt.NDArray[np.object_]
    teams: npt.NDArray[np.object_]
    steps: npt.NDArray[np.object_]
    outcome: npt.NDArray[np.float64]
    matrix: Matrix

    def take(self, rows: npt.NDArray[np.bool_] | slice) -> Responses:
        """The selected responses."""
        return Responses(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def completed(self, features: FeatureSet) -> Matrix:
        """The matrix with missing values replaced by the typical value of their column."""
        typical = np.array([np.nan if f.typical is None else f.typical for f in features.features], dtype=np.float32)
        return np.where(np.isnan(self.matrix), typical, self.matrix)

    def __len__(self) -> int:
        return len(self.outcome)

    @property
    def folds(self) -> npt.NDArray[np.int64]:
        """Fold 0-4 of each response (n,); all responses of a person are in the same fold."""
        return folds_of(self.keys)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the data."""
        return fingerprint_of(self.keys, self.outcome, self.matrix)


def minimum_sample_of(settings: Settings) -> float:
    """Number of responses below which a row is published as not reportable (seed `surveys_thresholds`)."""
    return read_thresholds(settings, "surveys_thresholds")["minimum_sample"]


def read_responses(
    settings: Settings, as_of: date, features: FeatureSet | None = None
) -> tuple[Responses, FeatureSet] | None:
    """The responses of the night's window with the configured score, and their columns.

    If there are more than `MOST_RESPONSES`, a fixed sample of about that size. None if there are no responses.

    Args:
        settings: the installation.
        as_of: the night.
        features: the columns of a trained model; without them, every column that varies.

    Raises:
        ModelError: if the night has no feature file, or the file lacks a column of `features`.
    """
    file = partition(settings.features / "survey_drivers", as_of)
    if not file.exists():
        raise ModelError(f"{file}: no answered surveys of this night; run the build stage first")
    outcome = settings.config.satisfaction.outcome
    connection = connect()
    total = connection.execute(f"select count({outcome}) from {relation([file])}").fetchall()[0][0]
    if not total:
        return None
    threshold = format(min(0xFFFFFFFF, int(0xFFFFFFFF * MOST_RESPONSES / total)), "08x")
    connection.execute(
        f"create table responses as select *, {outcome} as outcome, coalesce(team, '') as served_by, "
        f"coalesce({STEP}, '') as step, to_json({{{STEP}: {STEP}}}) as attributes from {relation([file])} "
        f"where {outcome} is not null and substr(md5(response_id), 1, 8) <= '{threshold}'"
    )
    found = features or discover(connection, "responses", NOT_DRIVERS, (STEP,))
    lost = {feature.name for feature in found.features if feature.origin == "column"} - set(
        column_names(connection, "responses")
    )
    if lost:
        raise ModelError(
            f"{file}: the champion needs {', '.join(sorted(lost))}, which the file lacks; run `rapport train`"
        )
    responses = _fetch(connection, found)
    return responses, features or found.with_typical(responses.matrix)


def _fetch(connection: duckdb.DuckDBPyConnection, features: FeatureSet) -> Responses:
    drivers = f", {features.select()}" if features.features else ""
    table = connection.execute(
        "select coalesce(customer_key, response_id) as key, response_id, coalesce(customer_key, '') as customer, "
        "cast(responded_at as date) as day, coalesce(segment, '') as segment, served_by, step, "
        f"cast(outcome as double) as outcome{drivers} from responses order by responded_at, response_id"
    ).to_arrow_table()
    columns = {name: table.column(name).to_numpy() for name in table.column_names}
    return Responses(
        columns["key"].astype(object),
        columns["response_id"].astype(object),
        columns["customer"].astype(object),
        columns["day"].astype("datetime64[D]"),
        columns["segment"].astype(object),
        columns["served_by"].astype(object),
        columns["step"].astype(object),
        columns["outcome"].astype(np.float64),
        features.matrix(columns),
    )
