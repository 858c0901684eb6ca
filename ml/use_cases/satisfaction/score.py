"""Nightly drivers: the champion explains the responses of the window, for the company, each segment and each team."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.registry import Registry, Version
from ml.use_cases.satisfaction.calibration import calibrated
from ml.use_cases.satisfaction.effects import Design, Effect
from ml.use_cases.satisfaction.features import OVERALL, Driver, Responses, drivers_of, read_responses, scales_of
from ml.use_cases.satisfaction.register import NAME
from ml.use_cases.satisfaction.root_causes import root_causes
from ml.use_cases.satisfaction.tables import ROOT_CAUSES, SATISFACTION_DRIVERS
from ml.use_cases.satisfaction.train import DriverModel, importance
from warehouse.core.errors import ModelError
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings

#: Below this many responses a row is published as not reportable.
REPORTABLE = 30
#: Exact Shapley values are for so many responses at the most, spread evenly over the window.
MOST_EXPLAINED = 20_000


@dataclass(frozen=True)
class Champion:
    """The driver model that is live, and the responses of the night that it can explain."""

    version: Version
    model: DriverModel
    responses: Responses

    @property
    def stamp(self) -> dict[str, str]:
        """Which model wrote a row."""
        return {"model_version": self.version.number, "run_id": self.version.run_id}


def score(settings: Settings, registry: Registry, as_of: date) -> tuple[list[TableCount], list[str]]:
    """Write `satisfaction_drivers` and `root_causes` of the night, empty where there is no champion or nobody answered.

    Raises:
        ModelError: where the night has no features.
    """
    found = champion_of(settings, registry, as_of)
    if isinstance(found, str):
        for table in (SATISFACTION_DRIVERS, ROOT_CAUSES):
            table.write(settings.scores, as_of, pd.DataFrame())
        return [TableCount(NAME, 0, 0, status="no champion")], [f"satisfaction_drivers: {found}"]
    outcome = settings.config.satisfaction.outcome
    rows = drivers_table(found.model, found.responses).assign(outcome=outcome, **found.stamp)
    written = SATISFACTION_DRIVERS.write(settings.scores, as_of, rows)
    causes = root_causes(settings, found.model, found.responses, as_of).assign(outcome=outcome, **found.stamp)
    told = ROOT_CAUSES.write(settings.scores, as_of, causes)
    count = len(found.responses)
    return [TableCount(NAME, count, written), TableCount("root_causes", count, told)], []


def champion_of(settings: Settings, registry: Registry, as_of: date) -> Champion | str:
    """The champion with the responses of the night, or why there is none, in words.

    Raises:
        ModelError: where the night has no features.
    """
    champion = registry.champion(NAME)
    if champion is None:
        return "there is no champion, so drivers are not told; run `rapport train`"
    outcome = settings.config.satisfaction.outcome
    if registry.tags(champion).get("outcome") != outcome:
        return f"the champion explains another score than {outcome}; run `rapport train`"
    try:
        model = DriverModel.load(registry.folder(champion), NAME)
        read = read_responses(settings, as_of, model.features)
    except ModelError as error:
        return str(error)
    return Champion(champion, model, read[0]) if read else f"nobody answered with {outcome} in the window"


def drivers_table(model: DriverModel, responses: Responses) -> pd.DataFrame:
    """Rows of `satisfaction_drivers`, overall, per segment and per team, the strongest driver first."""
    responses = responses.take(slice(None, None, max(1, -(-len(responses) // MOST_EXPLAINED))))
    drivers, design = drivers_of(model.features), Design(responses, model.features)
    contributions = importance(model.booster, responses, model.features)
    scales = scales_of(model.features)
    parts = [
        _part(model, drivers, contributions[rows]).assign(
            dimension=dimension,
            dimension_value=value,
            segment=f"team:{value}" if dimension == "team" else value,
            **_effects([design.effect(driver, rows) for driver in drivers]),
            effect_per=[scales[driver.positions[0]] for driver in drivers],
        )
        for dimension, value, rows in groups(responses)
    ]
    return pd.concat([_ranked(part) for part in parts], ignore_index=True)


def groups(responses: Responses) -> Iterator[tuple[str, str, npt.NDArray[np.bool_]]]:
    """The groups of responses that are told apart: (dimension, value, rows)."""
    yield OVERALL, OVERALL, np.ones(len(responses), dtype=bool)
    for dimension, values in (("segment", responses.segments), ("team", responses.teams)):
        for value in sorted({str(value) for value in values} - {"", OVERALL}):
            yield dimension, value, values == value


def _part(model: DriverModel, drivers: list[Driver], contributions: npt.NDArray[np.float64]) -> pd.DataFrame:
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
            "is_reportable": count >= REPORTABLE,
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
    """Importance-performance grid (Martilla & James 1977, Journal of Marketing 41:77), crossing at the means."""
    names = {
        (True, False): "concentrate_here",
        (True, True): "keep_up",
        (False, False): "low_priority",
        (False, True): "possible_overkill",
    }
    important, good = share >= share.mean(), performance >= performance.mean()
    return [names[bool(i), bool(g)] for i, g in zip(important, good, strict=True)]
