"""Publishing is complete or has no effect, is reproducible, and does not disturb readers."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.small_warehouse import build_warehouse, installation, night
from warehouse.building.dbt_process import descriptions_file
from warehouse.core.errors import PublishError
from warehouse.core.settings import Settings
from warehouse.publishing.publish import publish
from warehouse.publishing.releases import current_release_id, list_releases

KILLED_PUBLISH = """
import os, signal, sys
from datetime import date
from pathlib import Path
import warehouse.{module} as module
from warehouse.publishing.publish import publish
from warehouse.core.settings import Settings
real = module.{function}
def killed(*arguments, **options):
    if {after}: real(*arguments, **options)
    os.kill(os.getpid(), signal.SIGKILL)
module.{function} = killed
home = Path(sys.argv[1])
publish(Settings(home, home / "rapport.yml", home), date.fromisoformat(sys.argv[2]))
"""

READER = """
import sys, time
import duckdb
seen = []
while not seen or seen[-1] != sys.argv[2]:
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        nights = connection.execute(
            "select distinct as_of from (select as_of from marts.customer_360 union all select as_of from scores.churn)"
        ).fetchall()
    assert len(nights) == 1, nights
    if not seen or seen[-1] != str(nights[0][0]): seen.append(str(nights[0][0])); print(seen[-1], flush=True)
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return installation(tmp_path / "home")


def read(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(settings.serving / "customer_360.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_readers_get_every_published_schema_and_nothing_else(settings: Settings) -> None:
    build_warehouse(settings, night())
    report = publish(settings, night())
    tables = read(settings, "select schema_name || '.' || table_name from duckdb_tables() order by 1")
    assert [name for (name,) in tables] == [
        "marts.customer_360",
        "marts.customer_names",
        "marts.retention_risk_list",
        "meta.releases",
        "quality.row_accounts",
        "scores.churn",
    ]
    assert {table.table: table.rows_out for table in report.tables}["marts.customer_360"] == 3
    assert report.rows_out == 3 + 3 + 3 + 1 + 3


def test_rows_are_published_in_a_fixed_order(settings: Settings) -> None:
    build_warehouse(settings, night(), customers=5000)
    publish(settings, night())
    keys = [key for (key,) in read(settings, "select customer_key from marts.customer_360")]
    assert keys == sorted(keys)


def test_the_release_has_its_night_code_version_and_models(settings: Settings) -> None:
    build_warehouse(settings, night())
    publish(settings, night())
    (row,) = read(
        settings,
        "select release_id, as_of, code_version, model_versions, row_count, table_count, is_this_release "
        "from meta.releases",
    )
    assert row[0] == current_release_id(settings)
    assert row[1] == night()
    assert str(row[2]).startswith("0.")
    assert json.loads(str(row[3])) == {"churn": "3"}
    assert row[4:] == (13, 5, True)


def test_a_release_lists_the_other_releases_that_are_kept(settings: Settings) -> None:
    for after in range(2):
        build_warehouse(settings, night(after))
        publish(settings, night(after))
    assert read(settings, "select as_of, is_this_release from meta.releases") == [(night(1), True), (night(0), False)]


def test_descriptions_from_dbt_are_readable_in_the_release(settings: Settings) -> None:
    build_warehouse(settings, night())
    file = descriptions_file(settings)
    file.parent.mkdir(parents=True)
    described = {
        "schema": "marts",
        "name": "customer_360",
        "description": "One row per customer's life",
        "columns": {"name": "Name in the CRM"},
    }
    file.write_text(json.dumps([described]), encoding="utf-8")
    publish(settings, night())
    assert read(settings, "select comment from duckdb_tables() where table_name = 'customer_360'") == [
        ("One row per customer's life",)
    ]
    query = "select comment from duckdb_columns() where table_name = 'customer_360' and column_name = 'name'"
    assert read(settings, query) == [("Name in the CRM",)]
    query = "select count(*) from duckdb_columns() where schema_name = 'meta' and comment is null"
    assert read(settings, query + " and table_name = 'releases'") == [(0,)]


def test_publishing_a_night_twice_gives_the_same_file_byte_for_byte(settings: Settings) -> None:
    def contents() -> dict[str, tuple[str, str]]:
        files = [
            *settings.serving.rglob("*.duckdb"),
            *settings.exports.rglob("*.*"),
            *settings.history.rglob("*.parquet"),
        ]
        return {str(path): (hashlib.sha256(path.read_bytes()).hexdigest(), path.name) for path in files}

    build_warehouse(settings, night())
    publish(settings, night())
    before, published_at = contents(), list_releases(settings)[0].published_at
    build_warehouse(settings, night())
    publish(settings, night())
    assert len(before) == 6
    assert contents() == before
    assert [release.published_at for release in list_releases(settings)] == [published_at]


def test_one_changed_value_makes_another_release(settings: Settings) -> None:
    build_warehouse(settings, night(), risk=0.5)
    publish(settings, night())
    first = current_release_id(settings)
    build_warehouse(settings, night(), risk=0.5000001)
    publish(settings, night())
    assert current_release_id(settings) != first
    assert len(list_releases(settings)) == 2


def test_duplicate_rows_do_not_cancel_out_in_the_fingerprint(settings: Settings) -> None:
    for risk in (0.5, 0.7):
        build_warehouse(settings, night(), risk=risk)
        with duckdb.connect(str(settings.warehouse_file)) as connection:
            connection.execute("drop table marts.retention_risk_list")
            connection.execute("insert into scores.churn from scores.churn")
        publish(settings, night())
    assert len(list_releases(settings)) == 2


def test_without_a_warehouse_the_message_names_the_stage_to_run(settings: Settings) -> None:
    with pytest.raises(PublishError, match="no warehouse to publish; run the build stage"):
        publish(settings, night())


def test_a_reader_with_the_old_file_open_can_still_read_it(settings: Settings) -> None:
    settings = installation(settings.home, releases_kept=2)
    build_warehouse(settings, night(0))
    publish(settings, night(0))
    with duckdb.connect(str(settings.serving / "customer_360.duckdb"), read_only=True) as reader:
        for after in (1, 2, 3):
            build_warehouse(settings, night(after), customers=4)
            publish(settings, night(after))
        assert reader.execute("select count(*), max(as_of) from marts.customer_360").fetchall() == [(3, night(0))]
    assert len(list_releases(settings)) == 2


def test_a_reader_in_another_process_never_sees_an_error_or_two_nights(settings: Settings) -> None:
    settings = installation(settings.home, releases_kept=2)
    build_warehouse(settings, night(0))
    publish(settings, night(0))
    link = settings.serving / "customer_360.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(link), str(night(5))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout is not None
        seen = [reader.stdout.readline().strip()]
        for after in range(1, 6):
            build_warehouse(settings, night(after), customers=2000)
            publish(settings, night(after))
            seen.append(reader.stdout.readline().strip())
        _, errors = reader.communicate(timeout=30)
    assert (reader.returncode, errors) == (0, "")
    assert seen == [str(night(after)) for after in range(6)]


@pytest.mark.parametrize(
    ("module", "function", "after", "is_up"),
    [
        ("publishing.publish", "_comment", True, False),  # tables partly copied
        ("publishing.publish", "write_description", True, False),  # described, no database
        ("publishing.publish", "_write_history", True, False),  # database complete, under its temporary name
        ("publishing.publish", "export", False, False),  # release complete, no exports
        ("delivery.exports", "_write_csv", True, False),  # exports partly written
        ("publishing.publish", "switch", False, False),  # complete, readers not switched
        ("publishing.publish", "prune", False, True),  # switched, not cleaned up
    ],
)
def test_a_publish_killed_at_any_moment_keeps_a_whole_release_and_the_next_completes(
    settings: Settings, module: str, function: str, after: bool, is_up: bool
) -> None:
    build_warehouse(settings, night(0))
    publish(settings, night(0))
    yesterday = current_release_id(settings)
    build_warehouse(settings, night(1))
    program = KILLED_PUBLISH.format(module=module, function=function, after=after)
    command = [sys.executable, "-c", program, str(settings.home), str(night(1))]
    assert subprocess.run(command, check=False, env={**os.environ}).returncode == -signal.SIGKILL

    shown = night(1) if is_up else night(0)
    assert (current_release_id(settings) == yesterday) is not is_up
    assert read(settings, "select distinct as_of from marts.customer_360") == [(shown,)]

    publish(settings, night(1))
    assert read(settings, "select distinct as_of from marts.customer_360") == [(night(1),)]
    assert [release.as_of for release in list_releases(settings)] == [night(1), night(0)]
    assert not list(settings.home.rglob(".*.tmp"))
    assert len(list((settings.exports / str(night(1))).iterdir())) == 3
