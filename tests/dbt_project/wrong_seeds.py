"""Builds a copy of the project whose seeds have mistakes, and returns what their tests report."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.dbt_project.small_lake import SHARED_VARIABLES, SmallLake, copy_parsed_project
from warehouse.building import dbt_process
from warehouse.core.errors import BuildError
from warehouse.core.settings import PROJECT

#: A file below `seeds`, a text in it (None: a line is added), and what replaces it.
Mistake = tuple[str, str | None, str]
#: Runs only the tests whose parents are all selected.
CHOICE = ("--indirect-selection", "cautious", "--exclude-resource-type", "unit_test")


@dataclass(frozen=True)
class Failure:
    """A build that stopped: its message, and the sentences of each test that failed."""

    message: str
    problems: dict[str, list[str]]


def problems(folder: Path, mistakes: Iterable[Mistake], *selected: str) -> dict[str, list[str]]:
    """The sentences of each test that fails where a copy of the project has these mistakes."""
    return failure(folder, mistakes, *selected).problems


def failure(folder: Path, mistakes: Iterable[Mistake], *selected: str) -> Failure:
    """The build of a copy of the project with these mistakes, which has to fail."""
    project = folder / "dbt_project"
    shutil.copytree(PROJECT / "dbt_project", project, ignore=shutil.ignore_patterns("target", "logs"))
    for name, line, instead in mistakes:
        seed = project / "seeds" / name
        text = seed.read_text(encoding="utf-8")
        assert line is None or line in text, f"{name} does not contain {line}"
        seed.write_text(text.replace(line, instead, 1) if line else f"{text}{instead}\n", encoding="utf-8")
    settings = SmallLake(folder / "home").settings
    copy_parsed_project(settings)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(BuildError) as stopped:
        patch.setattr(dbt_process, "DBT_PROJECT", project)
        dbt_process.run_dbt(settings, "build", ["--select", *selected, *CHOICE], SHARED_VARIABLES)
    results = json.loads(dbt_process.results_file(settings).read_text(encoding="utf-8"))
    failed = {result["name"]: result["query"] for result in results if result["status"] == "fail"}
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as reader:
        found = {test: [row[0] for row in reader.execute(query).fetchall()] for test, query in failed.items()}
    return Failure(str(stopped.value), found)
