"""Distributions of the training data, which monitoring compares with each night."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.feature_set import Feature, FeatureSet, Matrix

FILE = "reference.json"
BINS = 10
DIGITS = 6


def write_reference(
    folder: Path, as_of: date, features: FeatureSet, matrix: Matrix, scores: npt.NDArray[np.float64], snapshot: str
) -> None:
    """Write `reference.json`.

    Per feature: `name`, `edges` (inner edges of bins with about a tenth of the rows each; a value lies in bin
    `searchsorted(edges, value, side="right")`) or `categories`, `shares` of all rows by bin or category, and
    `missing_share`; the shares and `missing_share` add up to one. `score` is the same for `scores`, with their mean.

    Args:
        folder: where the file is written.
        as_of: night of the training.
        features: columns of the matrix.
        matrix: rows of the last snapshot of the training data (n, features).
        scores: probabilities for the test slice (m,).
        snapshot: date of that last snapshot.
    """
    content = {
        "as_of": as_of.isoformat(),
        "snapshot": snapshot,
        "rows": len(matrix),
        "features": [distribution(feature, matrix[:, position]) for position, feature in enumerate(features.features)],
        "score": {**distribution(Feature("score"), scores), "rows": len(scores), "mean": _rounded(scores.mean())},
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def read_reference(folder: Path) -> dict[str, Any] | None:
    """The content of `reference.json`, or None if the model has none."""
    file = folder / FILE
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def distribution(feature: Feature, values: npt.NDArray[np.floating]) -> dict[str, Any]:
    """Bins or categories of one column with the share of rows in each."""
    known = values[~np.isnan(values)]
    found: dict[str, Any] = {"name": feature.name, "missing_share": _rounded(1 - len(known) / max(len(values), 1))}
    if feature.categories:
        found["categories"] = list(feature.categories)
    else:
        found["edges"] = edges_of(known)
    counts = counts_of(found, known)
    found["shares"] = [_rounded(count / max(len(values), 1)) for count in counts]
    return found


def counts_of(reference: dict[str, Any], known: npt.NDArray[np.floating]) -> npt.NDArray[np.int64]:
    """Number of these values (none missing) in each bin or category of a reference."""
    if "categories" in reference:
        return np.bincount(known.astype(int), minlength=len(reference["categories"]))
    edges = np.asarray(reference["edges"], dtype=np.float64)
    return np.bincount(np.searchsorted(edges, known, side="right"), minlength=len(edges) + 1)


def edges_of(known: npt.NDArray[np.floating]) -> list[float]:
    """Inner edges of at most `BINS` bins of about equal count; fewer if values repeat."""
    if not len(known):
        return []
    inner = np.unique(np.quantile(known.astype(np.float64), np.arange(1, BINS) / BINS))
    return [float(edge) for edge in inner if edge > known.min()]


def _rounded(value: float) -> float:
    return round(float(value), DIGITS)
