"""A home driven by the real `rapport` command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from tests.contents import fingerprints
from warehouse.core.settings import PROJECT

#: What a training in tests may cost; the defaults are tested on the real data of `make test-all`.
SMALL_TRAINING = {
    "search_trials": 2,
    "trees_a_round": 2,
    "stability_snapshots": 2,
    "resamples": 50,
    "driver_refits": 4,
}
RAPPORT = Path(sys.prefix) / "bin" / "rapport"


def with_small_training(config: Path, folder: Path) -> Path:
    """A copy of a configuration in `folder` whose models are trained with a small budget."""
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / "rapport.yml"
    training = yaml.safe_dump({"training": SMALL_TRAINING})
    copy.write_text(f"{config.read_text(encoding='utf-8')}\n{training}", encoding="utf-8")
    return copy


@dataclass(frozen=True)
class Company:
    """One `RAPPORT_HOME` and its configuration."""

    home: Path
    config: Path = PROJECT / "rapport.yml"

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "RAPPORT_HOME": str(self.home), "RAPPORT_CONFIG": str(self.config)}
        pipe = subprocess.PIPE
        command = [str(RAPPORT), *arguments]
        return subprocess.Popen(command, env=environment, cwd=PROJECT, stdout=pipe, stderr=pipe, text=True)

    def run(self, *arguments: str) -> str:
        """Run to the end; returns what was printed."""
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=1800)
        assert process.returncode == 0, f"{output}\n{errors}"
        return output

    def nightly(self, as_of: date) -> str:
        return self.run("nightly", "--date", str(as_of))

    @property
    def published(self) -> Path:
        return self.home / "serving" / "customer_360.duckdb"

    def contents(self) -> dict[str, str]:
        return fingerprints(self.published)

    def copy(self, to: Path) -> Company:
        shutil.copytree(self.home, to, symlinks=True)
        return Company(to, self.config)
