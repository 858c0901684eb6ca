"""Plots of classifiers only: Shapley values, and profit of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ml.feature_set import Matrix

Floats = npt.NDArray[np.float64]

SHOWN = 20
SEED = 20260901


def plot_summary(names: Sequence[str], contributions: Floats, matrix: Matrix, file: Path) -> None:
    """Shapley values of the strongest features: each dot is a customer, red where the value of the feature is high."""
    strength = np.abs(contributions).mean(axis=0)
    top = np.argsort(strength, kind="stable")[-SHOWN:]
    scatter = np.random.default_rng(SEED).uniform(-0.3, 0.3, len(matrix))
    figure = Figure(figsize=(8, 7))
    axes = figure.add_subplot()
    for height, position in enumerate(top):
        axes.scatter(contributions[:, position], height + scatter, c=_ranks(matrix[:, position]), cmap="coolwarm", s=4)
    axes.axvline(0, color="#9aa5b1", linewidth=0.8)
    axes.set_yticks(range(len(top)), [names[position] for position in top])
    axes.set(xlabel="Shapley value, log odds", title=f"Contributions to the score, n = {len(matrix):,}")
    _save(figure, file)


def plot_profit(curves: Mapping[str, Floats], budget: int, file: Path) -> None:
    """Profit against the number of contacted customers, for each model on the same rows; the budget is marked."""
    figure = Figure(figsize=(7, 5))
    axes = figure.add_subplot()
    for name, curve in curves.items():
        step = max(1, len(curve) // 1000)
        axes.plot(np.arange(len(curve))[::step], curve[::step] / 100, label=name, linewidth=2 if name == "model" else 1)
    axes.axvline(budget, color="#9aa5b1", linestyle="--", label="contact budget")
    axes.set(xlabel="customers contacted", ylabel="profit, currency units", title="Profit of the list")
    axes.legend()
    _save(figure, file)


def _ranks(values: npt.NDArray[np.floating]) -> Floats:
    """Ranks from 0 to 1; missing in the middle."""
    known = ~np.isnan(values)
    ranks = np.full(len(values), 0.5)
    if known.any():
        _, places = np.unique(values[known], return_inverse=True)
        ranks[known] = places / max(places.max(), 1)
    return ranks


def _save(figure: Figure, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    FigureCanvasAgg(figure)
    figure.tight_layout()
    figure.savefig(file, dpi=100, metadata={"Software": None})
