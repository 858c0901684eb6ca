"""The company's own lines of a seed: merged by key, typed, and wrong files refused in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from warehouse.building.seeds import project_seeds, seeds_digest, write_seeds
from warehouse.core.errors import ConfigurationError
from warehouse.core.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    config = tmp_path / "rapport.yml"
    config.write_text("company: acme\nsources: {}\nseeds: own\n", encoding="utf-8")
    (tmp_path / "own").mkdir()
    return Settings(tmp_path / "home", config, tmp_path)


@pytest.fixture
def own(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(name: str, text: str) -> Path:
        file = tmp_path / "own" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8-sig")
        return file

    return write


def rows(settings: Settings, seed: str) -> list[dict[str, Any]]:
    write_seeds(settings)
    return list(pq.read_table(settings.seeds / f"{seed}.parquet").to_pylist())


def test_every_seed_has_a_key_that_names_one_line(settings: Settings) -> None:
    write_seeds(settings)
    for seed in project_seeds().values():
        assert seed.key, seed.name
        keys = [tuple(row[column] for column in seed.key) for row in rows_of(settings, seed.name)]
        assert len(keys) == len(set(keys)), seed.name


def rows_of(settings: Settings, seed: str) -> list[dict[str, Any]]:
    return list(pq.read_table(settings.seeds / f"{seed}.parquet").to_pylist())


def test_a_line_changes_the_columns_it_gives_of_the_line_with_its_key(settings: Settings, own: Any) -> None:
    before = rows(settings, "shared_thresholds")
    own("any_folder/shared_thresholds.csv", "name,value\nminimum_sample,50\n")
    changed = [{**row, "value": 50.0} if row["name"] == "minimum_sample" else row for row in before]
    assert rows(settings, "shared_thresholds") == changed != before


def test_a_line_with_a_new_key_is_added_with_the_types_of_the_seed(settings: Settings, own: Any) -> None:
    own("identity_undone_links.csv", "link_id,undone_on\nabc,2026-10-31\n")
    assert rows(settings, "identity_undone_links") == [
        {"link_id": "abc", "undone_on": date(2026, 10, 31), "undone_because": None}
    ]


def test_a_replace_file_is_the_whole_seed(settings: Settings, own: Any) -> None:
    own("metric_windows.replace.csv", "window_days\n14\n56\n")
    assert rows(settings, "metric_windows") == [{"window_days": 14}, {"window_days": 56}]


def test_an_ending_in_capitals_counts(settings: Settings, own: Any) -> None:
    own("metric_windows.replace.CSV", "window_days\n14\n")
    assert rows(settings, "metric_windows") == [{"window_days": 14}]


def test_the_digest_changes_with_a_line_of_the_company_and_files_stay_as_they_are_without(
    settings: Settings, own: Any
) -> None:
    write_seeds(settings)
    digest, written = seeds_digest(settings), (settings.seeds / "benchmarks.parquet").stat().st_mtime_ns
    own("kpi_targets.csv", "metric,target\nnps,45\n")
    (settings.seeds / "removed_seed.parquet").touch()
    write_seeds(settings)
    assert seeds_digest(settings) != digest
    assert (settings.seeds / "benchmarks.parquet").stat().st_mtime_ns == written
    assert not (settings.seeds / "removed_seed.parquet").exists()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("kpi_target.csv", "metric,target\n", "expected one of kpi_targets, .*found kpi_target; rename or remove"),
        (
            "kpi_targets.csv",
            "metric,goal\nnps,4\n",
            "line 1: expected columns of metric, target, source_en, found goal",
        ),
        ("kpi_targets.csv", "target\n4\n", "line 1: expected the key column metric, found target; add it"),
        (
            "kpi_targets.csv",
            "metric,target\nnps,4\nces,high\n",
            "line 3, column target: expected a number, found 'high'",
        ),
        (
            "kpi_targets.csv",
            "metric,target\nnps,4\nnps,5\n",
            "line 3, column metric: expected each key once, found .*2",
        ),
        ("kpi_targets.csv", "metric,target\nnps,4,5\n", "line 2: expected 2 cells, found 3; put text with commas"),
        ("kpi_targets.csv", "", "line 1: expected a line with column names of metric, .*found an empty file"),
        ("metric_windows.csv", "window_days\n7.5\n", "column window_days: expected a whole number .*, found '7.5'"),
        ("metric_windows.csv", f"window_days\n{2**63}\n", "window_days: expected a whole number .*, found '9223372036"),
        ("service_lanes.csv", "lane,is_vip\nvip,maybe\n", "column is_vip: expected true or false, found 'maybe'"),
        ("identity_undone_links.csv", "link_id,undone_on\na,31.10.2026\n", "expected a date such as 2026-10-31, found"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place_and_what_to_do(
    settings: Settings, own: Any, name: str, text: str, message: str
) -> None:
    file = own(name, text)
    with pytest.raises(ConfigurationError, match=message) as raised:
        write_seeds(settings)
    assert str(raised.value).startswith(str(file))
    assert "\n" not in str(raised.value)


def test_two_files_of_one_seed_and_a_missing_folder_are_refused(settings: Settings, own: Any) -> None:
    own("a/kpi_targets.csv", "metric\nnps\n")
    own("b/kpi_targets.replace.csv", "metric\nnps\n")
    with pytest.raises(ConfigurationError, match="expected one file for the seed kpi_targets, found also"):
        write_seeds(settings)
    settings.config_path.write_text("company: acme\nsources: {}\nseeds: nowhere\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="nowhere is not a folder; create it"):
        write_seeds(Settings(settings.home, settings.config_path, settings.datasets))
