"""Answered surveys and what had happened before each answer, as a matrix."""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

from ml.feature_set import FeatureSet, Matrix, column_names, discover
from ml.folds import fingerprint_of, folds_of
from ml.lake import connect, partition, relation
from warehouse.core.errors import ModelError
from warehouse.core.settings import PROJECT, Settings

OUTCOMES = ("csat", "nps", "ces")
NOT_DRIVERS = (*OUTCOMES, "outcome", "response_id", "customer_key", "as_of", "responded_at")
NAMES = PROJECT / "dbt_project" / "seeds" / "satisfaction_driver_names.csv"
MOST_RESPONSES = 100_000
OVERALL = "all"
#: The step of the journey that is rated: a category, and the only text among the drivers.
STEP = "touchpoint"
SIDES = {"high": -1, "low": 1}


@dataclass(frozen=True)
class Responses:
    """Responses with a score, oldest first: `matrix` (n, drivers), missing as NaN, and `outcome` on its own scale.

    `keys` says who answered, `customers` the same where it is known; `segments`, `teams` and `steps` are "" where
    unknown.
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
        """Some of them."""
        return Responses(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def completed(self, features: FeatureSet) -> Matrix:
        """The matrix with what is not known, or does not apply, at what is typical: it says nothing then."""
        typical = np.array([np.nan if f.typical is None else f.typical for f in features.features], dtype=np.float32)
        return np.where(np.isnan(self.matrix), typical, self.matrix)

    def __len__(self) -> int:
        return len(self.outcome)

    @property
    def folds(self) -> npt.NDArray[np.int64]:
        """A fold of 0-4 per row; a customer (or an answer that nobody is known for) is always in the same one."""
        return folds_of(self.keys)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the data."""
        return fingerprint_of(self.keys, self.outcome, self.matrix)


@dataclass(frozen=True)
class Driver:
    """Columns of the matrix that are one driver to people, such as the flag and the days of a broken promise."""

    code: str
    english: str
    chinese: str
    positions: tuple[int, ...]
    scale: str = "unit"


def read_responses(
    settings: Settings, as_of: date, features: FeatureSet | None = None
) -> tuple[Responses, FeatureSet] | None:
    """The responses of the night's window that have the configured score, with every driver that varies.

    At most about `MOST_RESPONSES`, a fixed sample. None where nobody answered.

    Raises:
        ModelError: where the night has no such file, or lacks a driver of `features`.
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
            f"{file}: the champion needs {', '.join(sorted(lost))}, which are not there; run `rapport train`"
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


def drivers_of(features: FeatureSet, file: Path = NAMES) -> list[Driver]:
    """The drivers behind these columns, by `seeds/satisfaction_driver_names.csv`; others are drivers of their own."""
    known, found = _names(file), dict[str, Driver]()
    for position, name in enumerate(features.names):
        readable = name.replace("_", " ")
        row = known.get(name, {"driver_code": name, "driver_en": readable.capitalize(), "driver_zh": readable})
        code = row["driver_code"]
        before = found[code].positions if code in found else ()
        scale = found[code].scale if code in found else row.get("scale", "unit")
        found[code] = Driver(code, row["driver_en"], row["driver_zh"], (*before, position), scale)
    return list(found.values())


def scales_of(features: FeatureSet, file: Path = NAMES) -> list[str]:
    """What the effect of each column is told per: `unit`, `doubling` or `category`."""
    known = _names(file)
    scales = (known.get(feature.name, {}).get("scale", "unit") for feature in features.features)
    return ["category" if f.categories else scale for f, scale in zip(features.features, scales, strict=True)]


def signs_of(features: FeatureSet, file: Path = NAMES) -> list[int]:
    """Which way each column may move the score: -1 down, 1 up, 0 either."""
    known = _names(file)
    return [
        0 if feature.categories else SIDES.get(known.get(feature.name, {}).get("side", "either"), 0)
        for feature in features.features
    ]


def _names(file: Path) -> dict[str, dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["feature"]: row for row in csv.DictReader(lines)}
