"""Nightly drivers: the champion explains the responses of the window, for the company and for each segment."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml import booster as boosting
from ml.booster import SEED
from ml.feature_set import Matrix
from ml.registry import Registry
from ml.satisfaction.features import OVERALL, Driver, drivers_of, read_responses
from ml.satisfaction.register import NAME
from ml.satisfaction.tables import SATISFACTION_DRIVERS
from ml.satisfaction.train import DriverModel, by_driver, shares
from warehouse.reports import TableCount
from warehouse.settings import Settings

#: Below this many responses a row is published as not reportable.
REPORTABLE = 30
RESAMPLES = 200
#: Exact Shapley values are for so many responses at the most, spread evenly over the window.
MOST_EXPLAINED = 20_000
Z95 = 1.96


def score(settings: Settings, registry: Registry, as_of: date) -> tuple[list[TableCount], list[str]]:
    """Write `satisfaction_drivers` of the night; it is empty where there is no champion or nobody answered.

    Raises:
        ModelError: where the night's features are missing or do not fit the champion.
    """
    champion = registry.champion(NAME)
    if champion is None:
        SATISFACTION_DRIVERS.write(settings.scores, as_of, pd.DataFrame())
        note = "satisfaction_drivers: there is no champion, so drivers are not told; run `rapport train`"
        return [TableCount(NAME, 0, 0, status="no champion")], [note]
    outcome = settings.config.satisfaction.outcome
    if registry.tags(champion).get("outcome") != outcome:
        SATISFACTION_DRIVERS.write(settings.scores, as_of, pd.DataFrame())
        note = f"satisfaction_drivers: the champion explains another score than {outcome}; run `rapport train`"
        return [TableCount(NAME, 0, 0, status="no champion")], [note]
    model = DriverModel.load(registry.folder(champion), NAME)
    read = read_responses(settings, as_of, model.features)
    if read is None:
        SATISFACTION_DRIVERS.write(settings.scores, as_of, pd.DataFrame())
        return [TableCount(NAME, 0, 0)], [f"satisfaction_drivers: nobody answered with {outcome} in the window"]
    responses, _ = read
    rows = drivers_table(model, responses.matrix, responses.segments)
    rows = rows.assign(outcome=outcome, model_version=champion.number, run_id=champion.run_id)
    written = SATISFACTION_DRIVERS.write(settings.scores, as_of, rows)
    return [TableCount(NAME, len(responses), written)], []


def drivers_table(model: DriverModel, matrix: Matrix, segments: npt.NDArray[np.object_]) -> pd.DataFrame:
    """Rows of `satisfaction_drivers`, overall and per segment, the strongest driver first."""
    drivers = drivers_of(model.features)
    step = max(1, -(-len(matrix) // MOST_EXPLAINED))
    matrix, segments = matrix[::step], segments[::step]
    contributions = by_driver(boosting.shapley(model.booster, matrix, model.features), drivers)
    parts = [_segment(OVERALL, model, drivers, matrix, contributions)]
    for segment in sorted({str(segment) for segment in segments} - {"", OVERALL}):
        mask = segments == segment
        parts.append(_segment(segment, model, drivers, matrix[mask], contributions[mask]))
    return pd.concat(parts, ignore_index=True)


def _segment(
    segment: str,
    model: DriverModel,
    drivers: list[Driver],
    matrix: Matrix,
    contributions: npt.NDArray[np.float64],
) -> pd.DataFrame:
    share, count = shares(contributions), len(contributions)
    refits = np.array([model.spread[driver.code] for driver in drivers])
    error = Z95 * np.sqrt(_resampled(contributions) ** 2 + refits**2)
    performance = (contributions >= 0).mean(axis=0)
    effects = [_effect(matrix, contributions[:, i], driver) for i, driver in enumerate(drivers)]
    frame = pd.DataFrame(
        {
            "segment": segment,
            "driver_code": [driver.code for driver in drivers],
            "driver_en": [driver.english for driver in drivers],
            "driver_zh": [driver.chinese for driver in drivers],
            "importance_share": share.round(6),
            "share_low": np.clip(share - error, 0, 1).round(6),
            "share_high": np.clip(share + error, 0, 1).round(6),
            "effect": effects,
            "direction": ["raises" if effect >= 0 else "lowers" for effect in effects],
            "performance": performance.round(6),
            "quadrant": _quadrants(share, performance),
            "response_count": count,
            "is_reportable": count >= REPORTABLE,
        }
    )
    frame = frame.sort_values(["importance_share", "driver_code"], ascending=[False, True], ignore_index=True)
    return frame.assign(importance_rank=np.arange(1, len(frame) + 1))


def _resampled(contributions: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Standard deviation of the shares over resamples of the responses (bootstrap, seeded)."""
    generator, count = np.random.default_rng(SEED), len(contributions)
    strength = np.abs(contributions)
    drawn = generator.multinomial(count, np.full(count, 1 / count), RESAMPLES) @ strength
    totals = drawn.sum(axis=1, keepdims=True)
    return np.asarray((drawn / np.where(totals > 0, totals, 1)).std(axis=0))


def _effect(matrix: Matrix, contributions: npt.NDArray[np.float64], driver: Driver) -> float:
    """Points of the score per unit of the driver's first column: slope of its Shapley values on that column."""
    values = matrix[:, driver.positions[0]].astype(np.float64)
    known = ~np.isnan(values)
    if known.sum() < 2 or np.ptp(values[known]) == 0:
        return 0.0
    centred = values[known] - values[known].mean()
    return float(np.round(centred @ contributions[known] / (centred @ centred), 9))


def _quadrants(share: npt.NDArray[np.float64], performance: npt.NDArray[np.float64]) -> list[str]:
    """Importance-performance grid (Martilla & James 1977, Journal of Marketing 41:77), crossing at the means."""
    names = {
        (True, False): "concentrate_here",
        (True, True): "keep_up",
        (False, False): "low_priority",
        (False, True): "possible_overkill",
    }
    important, good = share >= share.mean(), performance >= performance.mean()
    return [names[bool(i), bool(g)] for i, g in zip(important, good, strict=True)]
