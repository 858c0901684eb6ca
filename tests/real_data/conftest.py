"""Runs the nightly on real data, through the examples' configurations and the real command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.company import Company
from warehouse.core.settings import PROJECT, settings_from_environment

DATASETS = settings_from_environment().datasets


@pytest.fixture(scope="session")
def run_example(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Company]:
    """Train and run the night that an example's configuration names; skips where its data is absent."""

    def run(name: str) -> Company:
        if not (DATASETS / name).is_dir():
            pytest.skip(f"the shared data set {name} is not at {DATASETS}")
        company = Company(tmp_path_factory.mktemp(name) / "home", PROJECT / "examples" / name / "rapport.yml")
        company.run("train")
        company.run("nightly")
        return company

    return run


def query(company: Company, sql: str) -> list[tuple[object, ...]]:
    """Rows of a query on the published file."""
    with duckdb.connect(str(company.published), read_only=True) as reader:
        return reader.execute(sql).fetchall()


def source(name: str, file: str) -> Path:
    return DATASETS / name / file
