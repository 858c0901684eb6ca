"""The stages of a night and of a training, in order: what the command and the DAGs both run.

No Airflow here. Each stage imports its room when it runs, so that parsing a DAG costs nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from warehouse.reports import StageReport
from warehouse.settings import Settings


@dataclass(frozen=True)
class Stage:
    """One step: `run(settings, as_of)` does it, whole, and may be repeated at any time."""

    name: str
    run: Callable[[Settings, date], StageReport]
    description: str


def _land(settings: Settings, as_of: date) -> StageReport:
    from warehouse.landing import land

    return land(settings, as_of)


def _check(settings: Settings, as_of: date) -> StageReport:
    from expectations.landed import check

    return check(settings, as_of)


def _build(settings: Settings, as_of: date) -> StageReport:
    from warehouse.transform import build

    return build(settings, as_of)


def _build_features(settings: Settings, as_of: date) -> StageReport:
    from warehouse.calendar import training_snapshots
    from warehouse.transform import build_features

    return build_features(settings, as_of, training_snapshots(settings.config.churn, as_of))


def _score(settings: Settings, as_of: date) -> StageReport:
    from ml.scoring import score

    return score(settings, as_of)


def _decide(settings: Settings, as_of: date) -> StageReport:
    from warehouse.transform import decide

    return decide(settings, as_of)


def _audit(settings: Settings, as_of: date) -> StageReport:
    from expectations.published import audit

    return audit(settings, as_of)


def _publish(settings: Settings, as_of: date) -> StageReport:
    from warehouse.publishing import publish

    return publish(settings, as_of)


def _train(settings: Settings, as_of: date) -> StageReport:
    from ml.training import train

    return train(settings, as_of)


LAND = Stage("land", _land, "Take what is new from the source systems into the lake")
CHECK = Stage("check", _check, "Check the new rows; move bad ones to quarantine with their reason")
BUILD = Stage("build", _build, "Build customers, facts, metrics and features")
BUILD_FEATURES = Stage("build_features", _build_features, "Build features and labels of the past nights to learn from")
SCORE = Stage("score", _score, "Score every customer with the champion models")
DECIDE = Stage("decide", _decide, "Decide whom to contact, why, and who does it")
AUDIT = Stage("audit", _audit, "Check everything that is about to be published")
PUBLISH = Stage("publish", _publish, "Publish one complete release and switch readers to it")
TRAIN = Stage("train", _train, "Train, evaluate and register the models; promote what passes its gate")

NIGHTLY = (LAND, CHECK, BUILD, SCORE, DECIDE, AUDIT, PUBLISH)
TRAINING = (LAND, CHECK, BUILD, BUILD_FEATURES, TRAIN)


def run_stage(stage: Stage, settings: Settings, as_of: date) -> StageReport:
    """Run a stage, time it, and write one line about it to the journal `runs/<as_of>.jsonl`, failed or not."""
    started = time.monotonic()
    try:
        report = stage.run(settings, as_of)
    except BaseException as error:
        message = " ".join(f"{type(error).__name__}: {error}".split())
        _journal(settings, as_of, {"stage": stage.name, "status": "failed", "error": message}, started)
        raise
    _journal(settings, as_of, {**asdict(report), "stage": stage.name, "status": "ok", "error": None}, started)
    return report


def _journal(settings: Settings, as_of: date, entry: dict[str, Any], started: float) -> None:
    settings.runs.mkdir(parents=True, exist_ok=True)
    timing = {"seconds": round(time.monotonic() - started, 3), "finished_at": datetime.now(UTC).isoformat()}
    with (settings.runs / f"{as_of}.jsonl").open("a", encoding="utf-8") as journal:
        journal.write(json.dumps({**entry, **timing}, ensure_ascii=False) + "\n")


def read_journal(settings: Settings, as_of: date) -> list[dict[str, Any]]:
    """The journal of one night, oldest line first; a line that a killed process left half-written is skipped."""
    path = settings.runs / f"{as_of}.jsonl"
    entries = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            entries.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return entries
