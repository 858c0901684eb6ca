"""What a stage does where the warehouse is damaged, or dbt was killed before it could write a message."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.building import dbt_process
from warehouse.building.dbt_process import run_dbt
from warehouse.building.transform import _recover_warehouse
from warehouse.core.errors import BuildError
from warehouse.core.settings import Settings


def test_a_damaged_warehouse_is_removed_also_in_a_folder_whose_name_contains_lock(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "blocks", tmp_path / "rapport.yml", tmp_path)
    settings.home.mkdir()
    settings.warehouse_file.write_bytes(b"no database" * 1000)
    assert _recover_warehouse(settings) == ["warehouse.duckdb could not be opened; full refresh from the lake"]
    assert not settings.warehouse_file.exists()


def test_a_dbt_that_was_killed_is_not_explained_with_the_error_of_an_earlier_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(tmp_path / "home", tmp_path / "rapport.yml", tmp_path)
    settings.logs.mkdir(parents=True)
    log = settings.logs / "dbt_build.log"
    log.write_text("02:00:00  Compilation Error in model old\n", encoding="utf-8")
    monkeypatch.setattr(dbt_process, "_run", lambda *_: -9)
    with pytest.raises(BuildError, match="no message, so it was probably killed"):
        run_dbt(settings, "build", [], {})

    def fails(*_: object) -> int:
        with log.open("a", encoding="utf-8") as output:
            output.write("02:00:00  Parsing Error in model new\n")
        return 2

    monkeypatch.setattr(dbt_process, "_run", fails)
    with pytest.raises(BuildError, match="did not finish: Parsing Error in model new; see"):
        run_dbt(settings, "build", [], {})
