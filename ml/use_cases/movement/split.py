"""Splits the change of a mean between two periods into parts that add up to it exactly.

The change is split into mix and rate (Kitagawa 1955, JASA 50:1168, in the symmetric form of Das Gupta 1993, Census
P23-186). The mix part of a cell is the change of its weight times its mean rate, relative to the overall mean. The rate
part is the change of its rate times its mean weight. Each value is itself a sum of parts (Shapley values of drivers,
and the change of model version), so the rate part is split by them; the rest is `unexplained`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

DIGITS = 6
MIX, DRIVER, MODEL_VERSION = "mix", "driver", "model_version"
UNEXPLAINED = "unexplained"


@dataclass(frozen=True)
class Period:
    """The values of a period (n,), the cell of each (n,), and the parts of each value (n, parts) by code."""

    cells: npt.NDArray[np.object_]
    values: npt.NDArray[np.float64]
    parts: pd.DataFrame


def split(before: Period, after: Period) -> pd.DataFrame:
    """Split the change of the mean; both periods have values and the same parts.

    A cell that one period lacks contributes to the mix only.

    Returns:
        `part`, `part_code` and `contribution`, one row per cell (mix) and per part. Contributions are rounded to six
        digits and add up to the difference of the rounded means.
    """
    change = round(round(float(after.values.mean()), DIGITS) - round(float(before.values.mean()), DIGITS), DIGITS)
    names = list(before.parts.columns)
    cells = sorted({*before.cells.astype(str), *after.cells.astype(str)})
    weight_0, mean_0 = _by_cell(before, cells)
    weight_1, mean_1 = _by_cell(after, cells)
    mean_0, mean_1 = (np.where(np.isnan(mean_0), mean_1, mean_0), np.where(np.isnan(mean_1), mean_0, mean_1))
    overall = (float(before.values.mean()) + float(after.values.mean())) / 2
    mix = (weight_1 - weight_0) * ((mean_0[:, 0] + mean_1[:, 0]) / 2 - overall)
    rate = ((weight_0 + weight_1) / 2)[:, None] * (mean_1 - mean_0)
    rows = [(MIX, cell, part) for cell, part in zip(cells, mix, strict=True)]
    rows += [
        (MODEL_VERSION if name == MODEL_VERSION else DRIVER, name, part)
        for name, part in zip(names, rate[:, 1:].sum(axis=0), strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["part", "part_code", "contribution"])
    frame["contribution"] = frame["contribution"].round(DIGITS) + 0.0
    rest = round(change - float(frame["contribution"].sum()), DIGITS) + 0.0
    return pd.concat([frame, pd.DataFrame([(DRIVER, UNEXPLAINED, rest)], columns=frame.columns)], ignore_index=True)


def _by_cell(period: Period, cells: list[str]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Weight of each cell (cells,), and means of the value and its parts (cells, 1 + parts); NaN for an empty cell."""
    number = np.searchsorted(np.array(cells), period.cells.astype(str))
    columns = np.column_stack([period.values, period.parts.to_numpy(dtype=np.float64)])
    counts = np.bincount(number, minlength=len(cells)).astype(np.float64)
    sums = np.zeros((len(cells), columns.shape[1]))
    np.add.at(sums, number, columns)
    return counts / counts.sum(), sums / np.where(counts > 0, counts, np.nan)[:, None]
