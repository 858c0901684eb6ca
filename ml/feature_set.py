"""One fitted transform from a table of the lake to a matrix of numbers, used in training and in scoring.

It is stored as JSON beside the model: a list of columns and attributes, so that nothing is unpickled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import duckdb
import numpy as np
import numpy.typing as npt

from ml.lake import literal

Matrix = npt.NDArray[np.float32]

#: Fewest rows of a category, and most categories of an attribute. The rest form the category "other" if they have
#: enough rows together, else they count as missing.
RAREST_CATEGORY = 20
MOST_CATEGORIES = 40
OTHER = "other"
NUMERIC_TYPES = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "BOOLEAN", "U")


@dataclass(frozen=True)
class Feature:
    """One column of the matrix: a number, or the position of a text in `categories`.

    `typical` is its median, or the position of the most frequent category.
    """

    name: str
    origin: Literal["column", "attribute"] = "column"
    categories: tuple[str, ...] = ()
    typical: float | None = None

    @property
    def text(self) -> str:
        """SQL of the attribute as text, NULL where blank."""
        path = '$."' + self.name.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return f"nullif(trim(json_extract_string(attributes, {literal(path)})), '')"

    @property
    def sql(self) -> str:
        """SQL of the feature as a FLOAT."""
        if self.origin == "column":
            return f'cast("{self.name}" as float)'
        if not self.categories:
            return f"try_cast({self.text} as float)"
        listed = ", ".join(literal(category) for category in self.categories)
        found = f"nullif(list_position([{listed}], {self.text}), 0) - 1"
        if OTHER in self.categories:
            found = f"case when {self.text} is not null then coalesce({found}, {self.categories.index(OTHER)}) end"
        return f"cast({found} as float)"

    def shown(self, value: float) -> str | float | None:
        """The value for display: the category, the number, or None if missing."""
        if np.isnan(value):
            return None
        return self.categories[int(value)] if self.categories else float(value)


@dataclass(frozen=True)
class FeatureSet:
    """The columns of the matrix, in order."""

    features: tuple[Feature, ...]

    @property
    def names(self) -> list[str]:
        return [feature.name for feature in self.features]

    @property
    def types(self) -> list[str]:
        """XGBoost's type of each column: `c` category, `q` quantity."""
        return ["c" if feature.categories else "q" for feature in self.features]

    def select(self) -> str:
        """The columns as SQL, named f0, f1, ..."""
        return ", ".join(f"{feature.sql} as f{position}" for position, feature in enumerate(self.features))

    def matrix(self, columns: dict[str, npt.NDArray[Any]]) -> Matrix:
        """The matrix (rows, features), missing values as NaN, from the columns that DuckDB returns for `select()`."""
        first = next(iter(columns.values()))
        matrix = np.empty((len(first), len(self.features)), dtype=np.float32)
        for position in range(len(self.features)):
            matrix[:, position] = np.ma.filled(columns[f"f{position}"], np.nan)
        return matrix

    def with_typical(self, matrix: Matrix) -> FeatureSet:
        """The same columns with the median (or most frequent category) of each in these rows."""
        return FeatureSet(
            tuple(Feature(**{**asdict(f), "typical": _typical(f, matrix[:, i])}) for i, f in enumerate(self.features))
        )

    def to_json(self) -> list[dict[str, Any]]:
        return [asdict(feature) for feature in self.features]

    @classmethod
    def from_json(cls, content: Iterable[dict[str, Any]]) -> FeatureSet:
        return cls(tuple(Feature(**{**item, "categories": tuple(item["categories"])}) for item in content))


def _typical(feature: Feature, values: Matrix) -> float | None:
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    return float(np.bincount(known.astype(int)).argmax()) if feature.categories else float(np.median(known))


def discover(
    connection: duckdb.DuckDBPyConnection, rows: str, excluded: Iterable[str], attributes: Sequence[str] = ()
) -> FeatureSet:
    """Features of all numeric and boolean columns of `rows` (an SQL relation), and of these attributes.

    Left out: `excluded` columns, and columns or attributes that are empty or never vary. An attribute is a number if
    all values that are not blank parse as one, else a category.
    """
    types = column_names(connection, rows)
    unwanted = {*excluded}
    numeric = [name for name, type_ in types.items() if type_.startswith(NUMERIC_TYPES) and name not in unwanted]
    columns = _varying_columns(connection, rows, numeric)
    wanted = (
        [name for name in attributes if name not in unwanted and name not in numeric] if "attributes" in types else []
    )
    found = (_attribute(connection, rows, name) for name in dict.fromkeys(wanted))
    return FeatureSet((*columns, *(feature for feature in found if feature)))


def column_names(connection: duckdb.DuckDBPyConnection, rows: str) -> dict[str, str]:
    """The columns of an SQL relation with their types."""
    return {row[0]: row[1] for row in connection.execute(f"describe select * from {rows}").fetchall()}


def _varying_columns(connection: duckdb.DuckDBPyConnection, rows: str, names: Sequence[str]) -> list[Feature]:
    if not names:
        return []
    asked = ", ".join(
        f'count("{name}"), cast(min("{name}") as double), cast(max("{name}") as double)' for name in names
    )
    answer = connection.execute(f"select count(*), {asked} from {rows}").fetchall()[0]
    total, kept = answer[0], []
    for position, name in enumerate(names):
        count, low, high = answer[1 + 3 * position : 4 + 3 * position]
        if count and (low != high or count < total):
            kept.append(Feature(name))
    return kept


def _attribute(connection: duckdb.DuckDBPyConnection, rows: str, name: str) -> Feature | None:
    text = Feature(name, "attribute").text
    known, numbers, different = connection.execute(
        f"select count({text}), count(try_cast({text} as double)), count(distinct {text}) from {rows}"
    ).fetchall()[0]
    if different < 2:
        return None
    if numbers == known:
        return Feature(name, "attribute")
    categories = connection.execute(
        f"select {text} as value, count(*) from {rows} where value is not null group by 1 "
        f"having count(*) >= {RAREST_CATEGORY} order by count(*) desc, 1 limit {MOST_CATEGORIES}"
    ).fetchall()
    if len(categories) < 2:
        return None
    rest = known - sum(count for _, count in categories)
    names = {category for category, _ in categories} | ({OTHER} if rest >= RAREST_CATEGORY else set())
    return Feature(name, "attribute", tuple(sorted(names)))
