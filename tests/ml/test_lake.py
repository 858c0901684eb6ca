"""Models read business numbers from the seeds in the lake, with the lines of the company."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml.arms import Limits as ArmLimits
from ml.classifier.gate import Limits
from ml.lake import read_seed, read_thresholds
from warehouse.building.seeds import write_seeds
from warehouse.core.errors import ModelError
from warehouse.core.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    config = tmp_path / "rapport.yml"
    config.write_text("sources: {}\nseeds: own\n", encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "models_thresholds.csv").write_text("name,value\ngate_positives,80\n", encoding="utf-8")
    return Settings(tmp_path / "home", config, tmp_path)


def test_a_gate_uses_the_number_of_the_company(settings: Settings) -> None:
    write_seeds(settings)
    limits = Limits.read(settings)
    assert limits.positives == 80
    assert (limits.feature_auc, limits.calibration_error) == (0.95, 0.15)
    assert read_thresholds(settings, "models_thresholds")["gate_losses_factor"] == 1.35
    assert ArmLimits.read(settings).minimum_sample == 30


def test_a_lake_without_seeds_names_the_file_and_what_to_do(settings: Settings) -> None:
    with pytest.raises(ModelError, match=r"models_thresholds\.parquet: no such seed in the lake; run the build stage"):
        read_seed(settings, "models_thresholds")
