"""Which columns form a driver, and what it is called, from the seed `satisfaction_driver_names`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ml.feature_set import FeatureSet
from ml.lake import read_seed
from warehouse.core.settings import Settings

_SIGNS = {"high": -1, "low": 1}


@dataclass(frozen=True)
class Driver:
    """A driver of the score and its columns: one driver may have several, such as a flag and a number of days.

    `positions` are the column numbers in the matrix.
    """

    code: str
    english: str
    chinese: str
    positions: tuple[int, ...]
    scale: str = "unit"


@dataclass(frozen=True)
class DriverNames:
    """Rows of the seed by feature. A column without a row is a driver of its own."""

    rows: Mapping[str, Mapping[str, str]]

    def drivers_of(self, features: FeatureSet) -> list[Driver]:
        """The drivers that these columns form, in the order of their first column."""
        found = dict[str, Driver]()
        for position, name in enumerate(features.names):
            readable = name.replace("_", " ")
            row = self.rows.get(name, {"driver_code": name, "driver_en": readable.capitalize(), "driver_zh": readable})
            code = row["driver_code"]
            before = found[code].positions if code in found else ()
            scale = found[code].scale if code in found else row.get("scale") or "unit"
            found[code] = Driver(code, row["driver_en"], row["driver_zh"], (*before, position), scale)
        return list(found.values())

    def scales_of(self, features: FeatureSet) -> list[str]:
        """The unit in which the effect of each column is given: `unit`, `doubling` or `category`."""
        scales = (self.rows.get(feature.name, {}).get("scale") or "unit" for feature in features.features)
        return ["category" if f.categories else scale for f, scale in zip(features.features, scales, strict=True)]

    def signs_of(self, features: FeatureSet) -> list[int]:
        """The direction in which a larger value of each column may move the score: -1 down, 1 up, 0 either."""
        return [
            0 if feature.categories else _SIGNS.get(self.rows.get(feature.name, {}).get("side", "either"), 0)
            for feature in features.features
        ]


def read_driver_names(settings: Settings) -> DriverNames:
    """The seed `satisfaction_driver_names`, with the company's own lines.

    Raises:
        ModelError: if the lake has no such seed.
    """
    columns = ["driver_code", "driver_en", "driver_zh", "scale", "side"]
    rows = read_seed(settings, "satisfaction_driver_names").set_index("feature")[columns].fillna("")
    return DriverNames(
        {str(feature): {str(column): str(cell) for column, cell in row.items()} for feature, row in rows.iterrows()}
    )
