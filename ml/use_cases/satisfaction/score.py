"""Nightly drivers: the champion explains the responses of the window, overall, per segment and per team."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.drivers.champion import champion_of
from ml.drivers.model import NAME, DriverModel
from ml.drivers.names import Driver, DriverNames
from ml.drivers.responses import OVERALL, Responses, minimum_sample_of
from ml.registry import Registry
from ml.use_case import Scored
from ml.use_cases.satisfaction.calibration import calibrated
from ml.use_cases.satisfaction.effects import Design, Effect
from ml.use_cases.satisfaction.root_causes import root_causes
from ml.use_cases.satisfaction.tables import ROOT_CAUSES, SATISFACTION_DRIVERS
from ml.use_cases.satisfaction.train import importance
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings

#: Largest number of responses with exact Shapley values, spread evenly over the window.
MOST_EXPLAINED = 20_000


def score(settings: Settings, registry: Registry, as_of: date) -> Scored:
    """Write `satisfaction_drivers` and `root_causes` of the night; no rows without a champion or responses."""
    champion = champion_of(settings, registry, as_of)
    if isinstance(champion, str):
        for table in (SATISFACTION_DRIVERS, ROOT_CAUSES):
            table.write(settings.scores, as_of, pd.DataFrame())
        return [TableCount(NAME, 0, 0, status="no champion")], [f"satisfaction_drivers: {champion}"]
    outcome, responses = settings.config.satisfaction.outcome, champion.responses
    drivers = drivers_table(champion.model, responses, champion.names, minimum_sample_of(settings))
    causes = root_causes(settings, champion, as_of)
    counts = [
        TableCount(table.name, len(responses), table.write(settings.scores, as_of, rows))
        for table, rows in (
            (SATISFACTION_DRIVERS, drivers.assign(outcome=outcome, **champion.stamp)),
            (ROOT_CAUSES, causes.assign(outcome=outcome, **champion.stamp)),
        )
    ]
    return counts, []


def drivers_table(model: DriverModel, responses: Responses, names: DriverNames, minimum_sample: float) -> pd.DataFrame:
    """Rows of `satisfaction_drivers`, overall, per segment and per team, each ranked by share.

    Rows of fewer than `minimum_sample` responses are not reportable.
    """
    responses = responses.take(slice(None, None, max(1, -(-len(responses) // MOST_EXPLAINED))))
    drivers, scales = names.drivers_of(model.features), names.scales_of(model.features)
    design = Design(responses, model.features, scales)
    contributions = importance(model.booster, responses, model.features, drivers)
    parts = [
        _shares(model, drivers, contributions[rows]).assign(
            dimension=dimension,
            dimension_value=value,
            segment=f"team:{value}" if dimension == "team" else value,
            **_effects([design.effect(driver, rows) for driver in drivers]),
            effect_per=[scales[driver.positions[0]] for driver in drivers],
            is_reportable=rows.sum() >= minimum_sample,
        )
        for dimension, value, rows in groups(responses)
    ]
    return pd.concat([_ranked(part) for part in parts], ignore_index=True)


def groups(responses: Responses) -> Iterator[tuple[str, str, npt.NDArray[np.bool_]]]:
    """The groups that get rows of their own: (dimension, value, selected responses (n,))."""
    yield OVERALL, OVERALL, np.ones(len(responses), dtype=bool)
    for dimension, values in (("segment", responses.segments), ("team", responses.teams)):
        for value in sorted({str(value) for value in values} - {"", OVERALL}):
            yield dimension, value, values == value


def _shares(model: DriverModel, drivers: Sequence[Driver], contributions: npt.NDArray[np.float64]) -> pd.DataFrame:
    count = len(contributions)
    share, low, high = calibrated(contributions, [model.calibrations[driver.code] for driver in drivers])
    performance = (contributions >= 0).mean(axis=0)
    return pd.DataFrame(
        {
            "driver_code": [driver.code for driver in drivers],
            "driver_en": [driver.english for driver in drivers],
            "driver_zh": [driver.chinese for driver in drivers],
            "importance_share": share.round(6),
            "share_low": low.round(6),
            "share_high": high.round(6),
            "performance": performance.round(6),
            "quadrant": _quadrants(share, performance),
            "response_count": count,
        }
    )


def _effects(effects: list[Effect]) -> dict[str, list[float] | list[str]]:
    directions = ["varies" if np.isnan(e.value) else "raises" if e.value >= 0 else "lowers" for e in effects]
    return {
        "effect": [round(effect.value, 6) for effect in effects],
        "effect_low": [round(effect.low, 6) for effect in effects],
        "effect_high": [round(effect.high, 6) for effect in effects],
        "direction": directions,
    }


def _ranked(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.sort_values(["importance_share", "driver_code"], ascending=[False, True], ignore_index=True)
    return rows.assign(importance_rank=np.arange(1, len(rows) + 1))


def _quadrants(share: npt.NDArray[np.float64], performance: npt.NDArray[np.float64]) -> list[str]:
    """Importance-performance grid (Martilla & James 1977, Journal of Marketing 41:77), divided at the means."""
    names = {
        (True, False): "concentrate_here",
        (True, True): "keep_up",
        (False, False): "low_priority",
        (False, True): "possible_overkill",
    }
    important, good = share >= share.mean(), performance >= performance.mean()
    return [names[bool(i), bool(g)] for i, g in zip(important, good, strict=True)]
