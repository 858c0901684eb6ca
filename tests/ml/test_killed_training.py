"""kill -9 in the middle of training: the champion stays, the night is scored, and the next training completes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from ml.registry import Registry
from ml.scoring import score
from ml.training import train
from tests.ml.conftest import AS_OF, Company
from warehouse.core.settings import PROJECT, Settings

#: Where the process dies: while trees grow, with the run logged but no version, and with a version not yet promoted.
MOMENTS = {
    "growing trees": ("ml.booster", "fit", 3),
    "registering": ("mlflow.MlflowClient", "create_model_version", 1),
    "promoting": ("mlflow.MlflowClient", "set_registered_model_alias", 1),
}
DYING = """
import importlib, os, signal
from datetime import date
from ml.training import train
from warehouse.core.settings import settings_from_environment

place, name, times = {moment}
module, _, owner = place.rpartition(".")
holder = getattr(importlib.import_module(module), owner) if owner[0].isupper() else importlib.import_module(place)
original, calls = getattr(holder, name), []

def dying(*arguments, **named):
    calls.append(name)
    if len(calls) >= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return original(*arguments, **named)

setattr(holder, name, dying)
train(settings_from_environment(), date.fromisoformat("{night}"))
"""


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_training_that_is_killed_leaves_champion_and_night(
    trained_company: Company, tmp_path: Path, moment: str
) -> None:
    home = tmp_path / "home"
    shutil.copytree(trained_company.settings.home, home)
    settings = Settings(home, home / "rapport.yml", home)
    company = Company(settings, customers=1500, seed=8)
    company.write()  # other data, so that there is something to train
    company.save("customer_features", AS_OF, trained_company.features(AS_OF).drop(columns="truth"))
    champion = Registry(settings).champion("churn")
    environment = {
        **os.environ,
        "PYTHONPATH": str(PROJECT),
        "RAPPORT_HOME": str(home),
        "RAPPORT_CONFIG": str(settings.config_path),
    }
    command = [sys.executable, "-c", DYING.format(moment=MOMENTS[moment], night=AS_OF)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert Registry(settings).champion("churn") == champion
    score(settings, AS_OF)
    pd.testing.assert_frame_equal(company.scores("churn"), trained_company.scores("churn"))
    assert train(settings, AS_OF).notes[0].startswith("churn: version ")
