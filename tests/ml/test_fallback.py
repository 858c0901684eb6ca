"""A failing champion is replaced by the version before it; the night completes, with a note."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from ml.classifier.target import Target
from ml.fallback import score_or_fall_back
from ml.lake import ScoreTable, stamp_columns
from ml.promotion import Submission
from ml.registry import Record, Registry, Version
from ml.scoring import score
from ml.training import train
from ml.use_case import Model, Scored, UseCase, Watched
from tests.ml.conftest import AS_OF, Company
from warehouse.core.errors import ModelError
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings

TABLE = ScoreTable(
    "predicted",
    pa.schema(
        [("customer_key", pa.string()), ("as_of", pa.date32()), ("share", pa.float64()), *stamp_columns()],
    ),
)


def _register(registry: Registry, name: str, folder: Path) -> Version:
    version = registry.register(name, None, folder, Record({}, {}, {}, "", folder.name))
    registry.promote(version)
    return version


@pytest.fixture
def two_versions(company: Company, tmp_path: Path) -> Company:
    """A churn champion, version 2, that is a copy of version 1, the champion before it."""
    company.write()
    train(company.settings, AS_OF)
    registry = Registry(company.settings)
    first = registry.champion("churn")
    assert first is not None
    copied = tmp_path / "copy"
    copied.mkdir()
    for file in registry.folder(first).iterdir():
        if file.is_file() and file.suffix in (".ubj", ".json"):
            (copied / file.name).write_bytes(file.read_bytes())
    assert _register(registry, "churn", copied).number == "2"
    return company


def _corrupt(company: Company, version: str) -> None:
    registry = Registry(company.settings)
    found = registry.champion("churn") if version == "champion" else registry.previous("churn")
    assert found is not None
    (registry.folder(found) / "churn.ubj").write_bytes(b"not a model")


def test_the_previous_version_replaces_a_corrupted_champion(two_versions: Company) -> None:
    score(two_versions.settings, AS_OF)
    sound = two_versions.scores("churn")
    assert set(sound["model_version"]) == {"2"}
    _corrupt(two_versions, "champion")
    report = score(two_versions.settings, AS_OF)
    scores = two_versions.scores("churn")
    assert set(scores["model_version"]) == {"1"}
    assert scores["churn_probability"].tolist() == sound["churn_probability"].tolist()
    assert set(two_versions.scores("churn_reasons")["model_version"]) == {"1"}
    notes = [
        note for note in report.notes if note.startswith("churn: version 2 failed, version 1 scored instead: XGBoost")
    ]
    assert len(notes) == 1
    check = two_versions.scores("model_monitoring").query("model == 'churn' and check_code == 'fallback'")
    assert (check["value"].tolist(), check["is_alert"].tolist()) == ([1.0], [True])
    assert check["message_en"].tolist() == ["Version 2 failed; version 1 scored instead"]


def test_without_a_working_version_no_customer_is_scored_and_the_night_completes(two_versions: Company) -> None:
    for version in ("champion", "previous"):
        _corrupt(two_versions, version)
    report = score(two_versions.settings, AS_OF)
    assert two_versions.scores("churn").empty
    assert two_versions.scores("churn_reasons").empty
    assert {count.table for count in report.tables} >= {"churn", "satisfaction_drivers", "model_monitoring"}
    assert any("churn: the champion failed and no earlier version works" in note for note in report.notes)
    check = two_versions.scores("model_monitoring").query("model == 'churn' and check_code == 'fallback'")
    assert check["message_en"].tolist() == ["Version 2 failed; no customer is scored"]


def test_missing_features_of_the_night_cause_no_fallback(two_versions: Company) -> None:
    with pytest.raises(ModelError, match="no features of this night; run the build stage first"):
        score(two_versions.settings, date(2026, 7, 1))


def test_promoting_the_champion_again_keeps_the_previous_version(two_versions: Company) -> None:
    registry = Registry(two_versions.settings)
    champion, previous = registry.champion("churn"), registry.previous("churn")
    assert champion is not None
    assert previous is not None
    registry.promote(champion)
    assert registry.previous("churn") == previous
    assert registry.falling_back(["churn"]).champion("churn") == previous
    assert registry.champion("churn") == champion


def _use_case(shares_of: Callable[[str], np.ndarray]) -> UseCase:
    """A use case whose shares depend on the version number of the champion."""

    def predict(settings: Settings, registry: Registry, as_of: date) -> Scored:
        champion = registry.champion("predicted")
        assert champion is not None
        shares = shares_of(champion.number)
        rows = pd.DataFrame({"customer_key": [str(n) for n in range(len(shares))], "share": shares})
        TABLE.write(settings.scores, as_of, rows.assign(model_version=champion.number, run_id=champion.run_id))
        return [TableCount("predicted", len(rows), len(rows))], []

    return UseCase("predicted", (TABLE,), predict, (Model("predicted", _never, Watched(_target, TABLE, "share")),))


def _never(_: Settings, __: date) -> Submission:
    raise NotImplementedError


def _target(_: Settings, __: date) -> Target:
    raise NotImplementedError


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (np.array([0.1, np.nan, 0.3]), "share is missing for 1 of 3 customers"),
        (np.array([0.1, 1.5]), "lies between 0.1 and 1.5, expected 0 to 1"),
        (np.full(50, 0.25), "share is 0.25 for all 50 customers"),
    ],
)
def test_unusable_probabilities_cause_a_fallback(
    company: Company, tmp_path: Path, bad: np.ndarray, reason: str
) -> None:
    company.write()
    registry = Registry(company.settings)
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.json").write_text(name, encoding="utf-8")
        _register(registry, "predicted", tmp_path / name)
    good = np.array([0.1, 0.2])
    use_case = _use_case(lambda number: bad if number == "2" else good)
    _, notes = score_or_fall_back(use_case, company.settings, registry, AS_OF)
    assert company.scores("predicted")["share"].tolist() == [0.1, 0.2]
    assert len(notes) == 1
    assert notes[0].startswith("predicted: version 2 failed, version 1 scored instead: predicted.share")
    assert reason in notes[0]


def test_the_error_of_a_statistic_is_not_hidden(company: Company) -> None:
    def fail(_: Settings, __: Registry, ___: date) -> Scored:
        raise ValueError("a statistic has no earlier version")

    with pytest.raises(ValueError, match="no earlier version"):
        score_or_fall_back(UseCase("statistic", (TABLE,), fail), company.settings, Registry(company.settings), AS_OF)
