"""A demo company that has been trained and run for a night, and the same run on while a reader looks."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from demo import DEFAULT_AS_OF
from tests.company import Company
from tests.contents import fingerprints

CUSTOMERS, DAYS = "1500", "480"
#: Reads until the file `stop` is there; prints which nights it saw, how often it read, and what went wrong.
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
class RunOn:
    """The trained company after three more nights, one of them left out before the last; tests only read and copy it.

    `printed` is what each night said, `read` what a reader saw meanwhile.
    """

    company: Company
    nights: list[date]
    printed: list[str]
    read: dict[str, Any]

    def release(self, night: date) -> dict[str, str]:
        """Fingerprints of what was published for the night."""
        return released(self.company, night)


def released(company: Company, night: date) -> dict[str, str]:
    """Fingerprints of what a company published for a night."""
    (release,) = company.home.glob(f"serving/releases/{night}-*/customer_360.duckdb")
    return fingerprints(release)


@pytest.fixture(scope="session")
def first_night() -> date:
    """Five nights before the demo company's last, so that tests can run it on."""
    return DEFAULT_AS_OF - timedelta(days=5)


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, first_night: date) -> Company:
    """Trained on, and run for, the first night."""
    company = Company(tmp_path_factory.mktemp("company") / "home")
    company.run("demo", "--customers", CUSTOMERS, "--days", DAYS)
    company.run("train", "--date", str(first_night))
    company.nightly(first_night)
    return company


@pytest.fixture(scope="session")
def run_on(trained: Company, first_night: date, tmp_path_factory: pytest.TempPathFactory) -> RunOn:
    folder = tmp_path_factory.mktemp("run_on")
    company, stop = trained.copy(folder / "home"), folder / "stop"
    nights = [first_night + timedelta(days=days) for days in (1, 2, 4)]
    command = [sys.executable, "-c", READER, str(company.published), str(stop)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
        try:
            printed = [company.nightly(night) for night in nights]
        finally:
            stop.touch()
        output, _ = reader.communicate(timeout=60)
    return RunOn(company, nights, printed, json.loads(output))
