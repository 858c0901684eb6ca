"""The variables of the dbt project repeat no number of `rapport.yml` with another value."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import yaml

from warehouse.building.dbt_process import DBT_PROJECT, PER_RUN_VARIABLES
from warehouse.building.transform import variables
from warehouse.core.settings import Settings


def test_defaults_of_the_dbt_project_are_those_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "rapport.yml").write_text("sources: {}\n", encoding="utf-8")
    night = date(2026, 1, 1)
    given = variables(Settings(tmp_path, tmp_path / "rapport.yml", tmp_path), night, [night])
    declared = yaml.safe_load((DBT_PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    shared = declared.keys() & given.keys() - {*PER_RUN_VARIABLES, "lake"}
    assert len(shared) > 20
    assert {name: declared[name] for name in shared} == {name: given[name] for name in shared}
