"""The stages of a night and of a training, in order; the command and the DAGs run the same ones.

This module does not import Airflow. Each stage imports its room when it runs, so that parsing a DAG is fast.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from pipeline.journal import record
from warehouse.core.errors import RapportError
from warehouse.core.home import claim
from warehouse.core.reports import StageReport
from warehouse.core.settings import Settings


@dataclass(frozen=True)
class Stage:
    """One step: `run(settings, as_of)` does all of it and may be repeated at any time.

    `requires` is what the warehouse must hold: tables of the same night, or all tables up to those of a stage.
    """

    name: str
    run: Callable[[Settings, date], StageReport]
    description: str
    requires: Literal["night", "build", "decide"] | None = None


def _land(settings: Settings, as_of: date) -> StageReport:
    from warehouse.landing import land

    return land(settings, as_of)


def _check(settings: Settings, as_of: date) -> StageReport:
    from expectations.landed import check

    return check(settings, as_of)


def _build(settings: Settings, as_of: date) -> StageReport:
    from warehouse.building.transform import build

    return build(settings, as_of)


def _build_features(settings: Settings, as_of: date) -> StageReport:
    from warehouse.building.transform import build_features
    from warehouse.core.calendar import built_snapshots

    return build_features(settings, as_of, built_snapshots(settings.config, as_of))


def _score(settings: Settings, as_of: date) -> StageReport:
    from ml.scoring import score

    return score(settings, as_of)


def _decide(settings: Settings, as_of: date) -> StageReport:
    from warehouse.building.transform import decide

    return decide(settings, as_of)


def _audit(settings: Settings, as_of: date) -> StageReport:
    from expectations.published import audit

    return audit(settings, as_of)


def _publish(settings: Settings, as_of: date) -> StageReport:
    from warehouse.publishing.publish import publish

    return publish(settings, as_of)


def _train(settings: Settings, as_of: date) -> StageReport:
    from ml.training import train

    return train(settings, as_of)


LAND = Stage("land", _land, "Take what is new from the source systems into the lake")
CHECK = Stage("check", _check, "Check the new rows; move bad ones to quarantine with their reason")
BUILD = Stage("build", _build, "Build customers, facts, metrics and features")
BUILD_FEATURES = Stage(
    "build_features", _build_features, "Build features and labels of the past nights to learn from", "night"
)
SCORE = Stage("score", _score, "Score every customer with the champion models")
DECIDE = Stage("decide", _decide, "Decide whom to contact, why, and who does it", "build")
AUDIT = Stage("audit", _audit, "Check everything that is about to be published", "decide")
PUBLISH = Stage("publish", _publish, "Publish one complete release and switch readers to it", "decide")
TRAIN = Stage("train", _train, "Train, evaluate and register the models; promote what passes its gate")

NIGHTLY = (LAND, CHECK, BUILD, SCORE, DECIDE, AUDIT, PUBLISH)
TRAINING = (LAND, CHECK, BUILD, BUILD_FEATURES, TRAIN)


def run_stage(stage: Stage, settings: Settings, as_of: date) -> StageReport:
    """Claim the home, run a stage, time it, and write one line about it to the journal, failed or not.

    Raises:
        BuildError: the warehouse does not hold what the stage requires; a backfill may have built another night.
    """
    started = time.monotonic()
    try:
        with claim(settings):
            if stage.requires:
                _require(settings, as_of, stage.requires)
            report = stage.run(settings, as_of)
    except BaseException as error:
        message = (
            " ".join(f"{error}".split()) if isinstance(error, RapportError) else f"{type(error).__name__}: {error}"
        )
        record(settings, as_of, StageReport(stage.name), time.monotonic() - started, error=message)
        raise
    record(settings, as_of, replace(report, stage=stage.name), time.monotonic() - started)
    return report


def _require(settings: Settings, as_of: date, stage: Literal["night", "build", "decide"]) -> None:
    from warehouse.building.run_record import require

    require(settings, as_of, stage)
