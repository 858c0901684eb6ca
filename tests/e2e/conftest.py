"""A demo company that was trained and run for a night, and the same company after more runs while a reader looks on."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo import DEFAULT_AS_OF
from tests.company import Company, with_small_training
from tests.contents import fingerprints
from tests.shared_homes import built_once
from warehouse.core.settings import PROJECT

CUSTOMERS, DAYS = "1500", "480"
#: Five nights before the demo company's last, so that tests can run later ones.
FIRST_NIGHT = DEFAULT_AS_OF - timedelta(days=5)
LATER_NIGHTS = tuple(FIRST_NIGHT + timedelta(days=days) for days in (1, 2, 4))
#: Reads until the file `stop` is there; prints the nights it found, how often it read, and its errors.
READER = """
import sys, time, json, duckdb
published, stop = sys.argv[1:]
from pathlib import Path
seen, reads, errors = [], 0, []
while not Path(stop).exists():
    try:
        with duckdb.connect(published, read_only=True) as reader:
            nights = [row[0] for row in reader.execute('''
                select distinct as_of::varchar from marts.customer_360
                union select distinct as_of::varchar from scores.churn
                union select distinct as_of::varchar from quality.row_accounts
                union select max(as_of)::varchar from meta.releases
            ''').fetchall()]
        reads += 1
        if len(nights) != 1:
            errors.append(nights)
        elif not seen or seen[-1] != nights[0]:
            seen.append(nights[0])
    except Exception as error:
        errors.append(repr(error))
    time.sleep(0.1)
print(json.dumps({'seen': seen, 'reads': reads, 'errors': errors}))
"""


@dataclass(frozen=True)
class LaterRuns:
    """The trained company after three more nights, one left out before the last; tests only read and copy it.

    `printed` is the output of each run, `read` what a reader found meanwhile.
    """

    company: Company
    nights: list[date]
    printed: list[str]
    read: dict[str, Any]

    def release(self, night: date) -> dict[str, str]:
        """Fingerprints of the tables published for the night."""
        return released(self.company, night)


def released(company: Company, night: date) -> dict[str, str]:
    """Fingerprints of the tables that a company published for a night."""
    (release,) = company.home.glob(f"serving/releases/{night}-*/customer_360.duckdb")
    return fingerprints(release)


@pytest.fixture(scope="session")
def first_night() -> date:
    return FIRST_NIGHT


@pytest.fixture(scope="session")
def trained() -> Company:
    """Trained on, and run for, the first night; tests only read and copy it."""
    folder = built_once("trained", train_and_run)
    return Company(folder / "home", folder / "rapport.yml")


@pytest.fixture(scope="session")
def later_runs(trained: Company) -> LaterRuns:
    folder = built_once("later_runs", lambda folder: run_later_nights(trained, folder))
    seen = json.loads((folder / "seen.json").read_text(encoding="utf-8"))
    return LaterRuns(Company(folder / "home", trained.config), list(LATER_NIGHTS), seen["printed"], seen["read"])


def train_and_run(folder: Path) -> None:
    company = Company(folder / "home", with_small_training(PROJECT / "rapport.yml", folder))
    company.run("demo", "--customers", CUSTOMERS, "--days", DAYS)
    company.run("train", "--date", str(FIRST_NIGHT))
    company.nightly(FIRST_NIGHT)


def run_later_nights(trained: Company, folder: Path) -> None:
    company, stop = trained.copy(folder / "home"), folder / "stop"
    command = [sys.executable, "-c", READER, str(company.published), str(stop)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
        try:
            printed = [company.nightly(night) for night in LATER_NIGHTS]
        finally:
            stop.touch()
        output, _ = reader.communicate(timeout=60)
    seen = {"printed": printed, "read": json.loads(output)}
    (folder / "seen.json").write_text(json.dumps(seen), encoding="utf-8")
