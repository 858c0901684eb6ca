"""Answered surveys and what had happened before each answer, as a matrix."""

from __future__ import annotations

import csv
import hashlib
import zlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ml.feature_set import FeatureSet, Matrix, column_names, discover
from ml.lake import connect, partition, relation
from warehouse.errors import ModelError
from warehouse.settings import PROJECT, Settings

OUTCOMES = ("csat", "nps", "ces")
NOT_DRIVERS = (*OUTCOMES, "response_id", "customer_key", "as_of", "responded_at")
NAMES = PROJECT / "dbt_project" / "seeds" / "satisfaction_driver_names.csv"
MOST_RESPONSES = 100_000
FOLDS = 5
OVERALL = "all"


@dataclass(frozen=True)
class Responses:
    """Responses with a score: `matrix` (n, drivers), `outcome` on its own scale, `segments` the customer's segment."""

    keys: npt.NDArray[np.object_]
    segments: npt.NDArray[np.object_]
    outcome: npt.NDArray[np.float64]
    matrix: Matrix

    def __len__(self) -> int:
        return len(self.outcome)

    @property
    def folds(self) -> npt.NDArray[np.int64]:
        """A fold of 0-4 per row; a customer (or an answer that nobody is known for) is always in the same one."""
        return np.array([zlib.crc32(str(key).encode()) % FOLDS for key in self.keys], dtype=np.int64)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the data."""
        digest = hashlib.sha256("\n".join(map(str, self.keys)).encode())
        digest.update(np.ascontiguousarray(self.outcome).tobytes() + np.ascontiguousarray(self.matrix).tobytes())
        return digest.hexdigest()


@dataclass(frozen=True)
class Driver:
    """Columns of the matrix that are one driver to people, such as the flag and the days of a broken promise."""

    code: str
    english: str
    chinese: str
    positions: tuple[int, ...]


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
        f"create table responses as select * from {relation([file])} "
        f"where {outcome} is not null and substr(md5(response_id), 1, 8) <= '{threshold}'"
    )
    features = features or discover(connection, "responses", NOT_DRIVERS)
    lost = set(features.names) - set(column_names(connection, "responses"))
    if lost:
        raise ModelError(
            f"{file}: the champion needs {', '.join(sorted(lost))}, which are not there; run `rapport train`"
        )
    drivers = f", {features.select()}" if features.features else ""
    table = connection.execute(
        f"select coalesce(customer_key, response_id) as key, coalesce(segment, '') as segment, "
        f"cast({outcome} as double) as outcome{drivers} from responses order by responded_at, response_id"
    ).to_arrow_table()
    columns = {name: table.column(name).to_numpy() for name in table.column_names}
    responses = Responses(
        columns["key"].astype(object),
        columns["segment"].astype(object),
        columns["outcome"].astype(np.float64),
        features.matrix(columns),
    )
    return responses, features


def drivers_of(features: FeatureSet, file: Path = NAMES) -> list[Driver]:
    """The drivers behind these columns, by `seeds/satisfaction_driver_names.csv`; others are drivers of their own."""
    with file.open(encoding="utf-8", newline="") as lines:
        known = {row["feature"]: row for row in csv.DictReader(lines)}
    found: dict[str, Driver] = {}
    for position, name in enumerate(features.names):
        readable = name.replace("_", " ")
        row = known.get(name, {"driver_code": name, "driver_en": readable.capitalize(), "driver_zh": readable})
        code = row["driver_code"]
        before = found[code].positions if code in found else ()
        found[code] = Driver(code, row["driver_en"], row["driver_zh"], (*before, position))
    return list(found.values())
