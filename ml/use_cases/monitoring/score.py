"""Monitoring of every model whose probabilities are watched; it runs after all of them have scored."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.classifier.reference import read_reference
from ml.classifier.target import Target
from ml.classifier.train import Classifier
from ml.lake import partition, read_thresholds
from ml.registry import Registry, Version
from ml.use_case import Model, Watched, use_cases
from ml.use_cases.monitoring.checks import (
    Check,
    estimated_checks,
    fallback_check,
    feature_checks,
    matured_checks,
    score_checks,
)
from ml.use_cases.monitoring.features import Scores, features_of, read_features, read_matured, read_scores
from ml.use_cases.monitoring.tables import MODEL_MONITORING
from warehouse.core.errors import ModelError
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings

DIGITS = 6
THRESHOLDS = "monitoring_thresholds"


def score(settings: Settings, registry: Registry, as_of: date) -> tuple[list[TableCount], list[str]]:
    """Write `model_monitoring` of the night, one row per model, check and subject; empty without champions."""
    rows, notes = [], []
    for model in (model for use_case in use_cases() for model in use_case.models):
        champion = registry.champion(model.name)
        if model.watched is None or champion is None:
            continue
        checks, scores, messages = _checks(settings, registry, as_of, model, model.watched, champion)
        stamp = {"model": model.name, "model_version": champion.number, "run_id": champion.run_id}
        if scores.version:
            stamp |= {"model_version": scores.version, "run_id": scores.run_id}
        rows += [{**asdict(check), **stamp} for check in checks]
        notes += messages
    frame = pd.DataFrame(rows)
    for column in ("value", "reference_value", "threshold"):
        if len(frame):
            frame[column] = frame[column].astype(float).round(DIGITS)
    written = MODEL_MONITORING.write(settings.scores, as_of, frame)
    return [TableCount(MODEL_MONITORING.name, len(rows), written)], notes


def _checks(
    settings: Settings, registry: Registry, as_of: date, model: Model, watched: Watched, champion: Version
) -> tuple[list[Check], Scores, list[str]]:
    """The checks of one model, its scores of the night, and notes for the user."""
    scores = read_scores(settings, watched, as_of)
    checks, limits = [fallback_check(champion.number, scores)], read_thresholds(settings, THRESHOLDS)
    try:
        target = watched.target(settings, as_of)
    except ModelError as error:
        return checks, scores, [f"{model.name}: not monitored: {error}"]
    version = _version(registry, model.name, champion, scores)
    tested = registry.metrics(version)
    checks += estimated_checks(scores, tested, limits)
    matured = read_matured(settings, watched, target, as_of, int(limits["matured_nights"]))
    checks += matured_checks(matured, tested, limits)
    try:
        checks += _against_training(settings, registry, as_of, target, version, scores)
    except (ModelError, OSError, ValueError, KeyError) as error:
        reason = " ".join(str(error).split())
        return checks, scores, [f"{model.name}: drift is not monitored: {type(error).__name__}: {reason}"]
    return checks, scores, _notes(model.name, checks)


def _version(registry: Registry, name: str, champion: Version, scores: Scores) -> Version:
    """The version that scored tonight."""
    previous = registry.previous(name)
    return previous if previous and previous.number == scores.version else champion


def _against_training(
    settings: Settings, registry: Registry, as_of: date, target: Target, version: Version, scores: Scores
) -> list[Check]:
    """Drift and missing values against the training data of the version; none if it has no `reference.json`."""
    folder, limits = registry.folder(version), read_thresholds(settings, THRESHOLDS)
    reference = read_reference(folder)
    if reference is None:
        return []
    matrix = read_features(settings, as_of, target, features_of(folder, target.name))
    before = _scores_of_training(settings, folder, target, date.fromisoformat(reference["snapshot"]))
    return [*score_checks(before, scores, limits), *feature_checks(reference, matrix, limits)]


def _scores_of_training(settings: Settings, folder: Path, target: Target, snapshot: date) -> npt.NDArray[np.float64]:
    """Probabilities of the version for the last snapshot of its training data; empty if the lake lacks that snapshot.

    The stored probabilities of its test are of no use here: the hold-out twin gave them, and its level differs.
    """
    if not partition(settings.features / target.features, snapshot).exists():
        return np.array([])
    model = Classifier.load(folder, target.name)
    return np.round(model.probabilities(read_features(settings, snapshot, target, model.features)), DIGITS)


def _notes(name: str, checks: list[Check]) -> list[str]:
    alerts = [check for check in checks if check.is_alert]
    if not alerts:
        return []
    first = "; ".join(check.message_en for check in alerts[:2])
    return [f"{name}: {len(alerts)} monitoring alerts, see quality.model_monitoring: {first}"]
