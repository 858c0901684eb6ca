"""The run record decides between an incremental run, a full refresh and nothing; a damaged one: a full refresh."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.dbt_project.small_lake import SmallLake
from warehouse.building import run_record
from warehouse.building.run_record import RunRecord, read_record, record_build, save_record
from warehouse.building.seeds import write_seeds
from warehouse.building.transform import _Plan, _plan, variables
from warehouse.core.errors import BuildError
from warehouse.core.settings import Settings

NIGHT, NEXT = date(2026, 10, 31), date(2026, 11, 1)
SEEDS = ("path:seeds", "path:tests/seeds")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home whose warehouse is recorded as built for NIGHT."""
    settings = SmallLake(tmp_path / "home").settings
    settings.warehouse_file.touch()
    write_seeds(settings)
    record_build(settings, NIGHT, variables(settings, NIGHT, [NIGHT]))
    return settings


def plan(settings: Settings, as_of: date) -> _Plan:
    found = _plan(settings, as_of)
    assert found is not None
    return found


def file(settings: Settings) -> Path:
    return settings.home / "warehouse.json"


def change(settings: Settings, **fields: object) -> None:
    record = read_record(settings)
    assert record is not None
    save_record(settings, replace(record, **fields))  # type: ignore[arg-type]


def test_the_same_night_on_unchanged_inputs_needs_no_build(settings: Settings) -> None:
    assert _plan(settings, NIGHT) is None


def test_the_next_night_is_an_incremental_run(settings: Settings) -> None:
    found = plan(settings, NEXT)
    assert (found.arguments, found.unchanged) == ((), SEEDS)
    assert found.notes == ("incremental run; previous run: 2026-10-31",)
    assert (found.variables["previous_as_of"], found.variables["features_kept"]) == ("2026-10-31", True)


def test_the_record_of_a_later_night_means_a_full_refresh(settings: Settings) -> None:
    assert plan(settings, date(2026, 10, 30)).arguments == ("--full-refresh",)


@pytest.mark.parametrize("damage", ["", '{"as_of": "2026-10-31", "co', "[]", '"text"', '{"as_of": "2026-10-31"}', "{}"])
def test_a_damaged_or_old_record_means_a_full_refresh_and_no_error(settings: Settings, damage: str) -> None:
    file(settings).write_text(damage, encoding="utf-8")
    found = plan(settings, NIGHT)
    assert (found.arguments, found.unchanged) == (("--full-refresh",), ())


def test_an_unreadable_or_missing_record_means_a_full_refresh(settings: Settings) -> None:
    file(settings).write_bytes(b"\xff\x00\xfe")
    assert plan(settings, NIGHT).arguments == ("--full-refresh",)
    file(settings).unlink()
    assert plan(settings, NIGHT).arguments == ("--full-refresh",)


def test_a_record_without_its_warehouse_means_a_full_refresh(settings: Settings) -> None:
    settings.warehouse_file.unlink()
    assert plan(settings, NIGHT).arguments == ("--full-refresh",)


@pytest.mark.parametrize("changed", ["code", "lake"])
def test_changed_code_or_rows_mean_a_full_refresh_that_keeps_the_seeds(settings: Settings, changed: str) -> None:
    change(settings, **{changed: "other"})
    for night in (NIGHT, NEXT):
        found = plan(settings, night)
        assert (found.arguments, found.unchanged) == (("--full-refresh",), SEEDS)


def test_a_changed_line_of_the_company_means_a_full_refresh_with_seeds(settings: Settings, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "kpi_targets.csv").write_text("metric,target\nnps,45\n", encoding="utf-8")
    text = settings.config_path.read_text(encoding="utf-8")
    (tmp_path / "rapport.yml").write_text(f"{text}\nseeds: own\n", encoding="utf-8")
    changed = Settings(settings.home, tmp_path / "rapport.yml", settings.datasets)
    write_seeds(changed)
    found = plan(changed, NEXT)
    assert (found.arguments, found.unchanged) == (("--full-refresh",), ())


def test_changed_features_are_read_again(settings: Settings) -> None:
    change(settings, features="other")
    assert plan(settings, NIGHT).arguments == ("--full-refresh", "--select", "source:lake_features+")
    assert plan(settings, NEXT).variables["features_kept"] is False


def test_incomplete_feature_tables_mean_a_full_refresh(settings: Settings) -> None:
    with pytest.raises(KeyboardInterrupt), run_record.changing(settings, "build_features"):
        raise KeyboardInterrupt
    assert plan(settings, NIGHT).arguments == ("--full-refresh",)


def test_a_removed_record_stays_removed(settings: Settings) -> None:
    for _ in range(2):
        run_record.remove_record(settings)
        assert read_record(settings) is None


def test_an_unreadable_file_of_the_lake_is_named(settings: Settings) -> None:
    landed = settings.landing / "crm" / "customers" / "as_of=2026-10-31" / "damaged.parquet"
    landed.parent.mkdir(parents=True, exist_ok=True)
    landed.write_bytes(b"PAR1")
    with pytest.raises(BuildError, match=r"crm.customers: a file of the lake cannot be read .*damaged.parquet"):
        _plan(settings, NEXT)


def test_the_record_is_one_readable_file(settings: Settings) -> None:
    with run_record.changing(settings, "decide"):
        assert json.loads(file(settings).read_text("utf-8"))["is_decided"] is False
    record = read_record(settings)
    assert isinstance(record, RunRecord)
    assert (record.as_of, record.is_built, record.is_decided) == ("2026-10-31", True, True)
