"""Plots of a model: calibration, gain, importance of features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ml.metrics import Floats, calibration_curve

INK, MUTED = "#1f4e79", "#9aa5b1"


def plot_calibration(truth: Floats, scores: Floats, file: Path, observed_name: str = "observed share") -> None:
    """Predicted against observed shares in ten bins of equal count."""
    predicted, observed, _ = zip(*calibration_curve(truth, scores), strict=True)
    figure = Figure(figsize=(5, 5))
    axes = figure.add_subplot()
    top = max(*predicted, *observed) * 1.1
    axes.plot([0, top], [0, top], color=MUTED, linestyle="--")
    axes.plot(predicted, observed, marker="o", color=INK)
    axes.set(xlabel="mean probability", ylabel=observed_name, title=f"Calibration, n = {len(truth):,}")
    _save(figure, file)


def plot_lift(truth: Floats, scores: Floats, file: Path, positives: str = "positives") -> None:
    """Share of all positives found against share of customers contacted, highest risk first."""
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(truth[order]) / truth.sum()
    contacted = np.arange(1, len(truth) + 1) / len(truth)
    figure = Figure(figsize=(5, 5))
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color=MUTED, linestyle="--")
    axes.plot(contacted, found, color=INK)
    axes.set(xlabel="share of customers contacted", ylabel=f"share of {positives} found", title="Gain")
    _save(figure, file)


def plot_importance(names: Sequence[str], contributions: npt.NDArray[np.floating], file: Path) -> None:
    """Mean absolute Shapley value of the twenty strongest features."""
    strength = np.abs(contributions).mean(axis=0)
    top = np.argsort(strength, kind="stable")[-20:]
    figure = Figure(figsize=(7, 6))
    axes = figure.add_subplot()
    axes.barh([names[position] for position in top], strength[top], color=INK)
    axes.set(xlabel="mean |Shapley value|", title=f"Importance of features, n = {len(contributions):,}")
    _save(figure, file)


def plot_predicted(classes: Sequence[str], means: Mapping[str, Floats], file: Path) -> None:
    """Mean purchases per class of customers, a bar for each of `means`."""
    figure = Figure(figsize=(7, 5))
    axes = figure.add_subplot()
    places, width = np.arange(len(classes)), 0.8 / len(means)
    for position, (name, values) in enumerate(means.items()):
        axes.bar(places + position * width, values, width, label=name.replace("_", " "))
    axes.set_xticks(places + 0.4 - width / 2, classes)
    axes.set(xlabel="repeat purchases before", ylabel="mean purchases after", title="Predicted and actual purchases")
    axes.legend()
    _save(figure, file)


def plot_curve(places: Floats, heights: Floats, axis_names: tuple[str, str], file: Path) -> None:
    """A curve from the origin, and the straight line to its end."""
    figure = Figure(figsize=(5, 5))
    axes = figure.add_subplot()
    axes.plot([places[0], places[-1]], [heights[0], heights[-1]], color=MUTED, linestyle="--")
    axes.plot(places, heights, color=INK)
    axes.set(xlabel=axis_names[0], ylabel=axis_names[1])
    _save(figure, file)


def plot_heights(names: Sequence[str], heights: Sequence[float], axis_names: tuple[str, str], file: Path) -> None:
    """A bar for each name."""
    figure = Figure(figsize=(6, 4))
    axes = figure.add_subplot()
    axes.bar(list(names), list(heights), color=INK)
    axes.set(xlabel=axis_names[0], ylabel=axis_names[1])
    _save(figure, file)


def _save(figure: Figure, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    FigureCanvasAgg(figure)
    figure.tight_layout()
    figure.savefig(file, dpi=100, metadata={"Software": None})
