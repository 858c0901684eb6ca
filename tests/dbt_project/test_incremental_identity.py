"""Links, people and identifiers of incremental runs equal those of a full refresh, however records change."""

from __future__ import annotations

import random
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.contents import fingerprints
from tests.dbt_project.small_lake import SmallLake
from warehouse.building import dbt_process
from warehouse.building.dbt_process import DBT_PROJECT

FIRST, NIGHTS, RECORDS = date(2026, 2, 1), 4, 300
MODELS = (
    "+identity_links",
    "+int_identity__identifiers",
    "+identity_ledger",
    "+dim_customers",
    "+int_changes__identifiers",
)
CHANGES = "int_changes__"


def identifiers(choose: random.Random) -> dict[str, Any]:
    """Random identifiers from a small range, so that records share them, pass them on and form chains."""
    return {
        "email": choose.choice([None, f"m{choose.randrange(RECORDS)}@example.org"]),
        "phone": choose.choice([None, f"+49 30 5550 {choose.randrange(RECORDS):04}", "+49 30 5550 9999"]),
        "social_handle": choose.choice([None, None, f"@h{choose.randrange(RECORDS)}"]),
        "name": choose.choice(["Ann", "Bea", "Cat"]),
        "birth_date": choose.choice([None, date(1980, 1, 1), date(1990, 1, 1)]),
        "merged_into_id": choose.choice([None] * 9 + [f"c{choose.randrange(RECORDS):03}"]),
    }


def land_nights(lake: SmallLake, seed: int) -> None:
    """All records on the first night; later some change, some are new, and some arrive late or carry a future time."""
    choose = random.Random(seed)
    records: dict[str, dict[str, Any]] = {}
    for number in range(NIGHTS):
        night = FIRST + timedelta(days=number)
        new = range(RECORDS) if number == 0 else range(RECORDS + 5 * number, RECORDS + 5 * number + 5)
        names = [f"c{one:03}" for one in new] + (choose.sample(sorted(records), 8) if records else [])
        rows = []
        for name in names:
            at = datetime.combine(night, datetime.min.time()) - timedelta(hours=choose.choice([-20, 5, 5, 5, 500]))
            earlier = records.get(name, {"customer_id": name, "created_at": at - timedelta(days=choose.randrange(90))})
            kept = choose.sample(sorted(identifiers(choose)), 3)
            changed = {
                column: value for column, value in identifiers(choose).items() if column in kept or name not in records
            }
            records[name] = earlier | changed | {"updated_at": at}
            rows.append(records[name])
        lake.land("crm.customers", night, rows)


def undo_links(project: Path, links: list[str], night: date) -> None:
    """Links that a steward takes apart on a night, written before it."""
    seed = next(project.rglob("identity_undone_links.csv"))
    with seed.open("a", encoding="utf-8") as file:
        file.writelines(f"{link},{night},wrong\n" for link in links)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_identities_of_incremental_runs_equal_those_of_a_full_refresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    lake, refreshed = SmallLake(tmp_path / "incremental"), SmallLake(tmp_path / "full_refresh")
    land_nights(lake, seed)
    land_nights(refreshed, seed)
    project = tmp_path / "dbt_project"
    shutil.copytree(DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    monkeypatch.setattr(dbt_process, "DBT_PROJECT", project)
    nights = [FIRST + timedelta(days=number) for number in range(NIGHTS)]
    with refreshed.build(FIRST, *MODELS) as reader:
        joined = reader.execute(
            "select link_id from marts.identity_links where decision = 'joined' order by 1"
        ).fetchall()
    undone = [link for (link,) in joined[:5]]
    undo_links(project, undone, nights[2])

    for previous, night in zip([None, *nights], nights, strict=False):
        with lake.build(night, *MODELS, previous=previous) as reader:
            moved = reader.execute("select count(*) from intermediate.int_changes__identifiers").fetchone()
            apart = reader.execute("select count(*) from marts.identity_links where decision = 'undone'").fetchone()
        assert (moved != (0,)) == (previous is not None)
        assert apart == (len(undone) if night >= nights[2] else 0,)
    refreshed.build(nights[-1], *MODELS).close()
    expected = fingerprints(refreshed.home / "warehouse.duckdb")
    found = fingerprints(lake.home / "warehouse.duckdb")
    assert {table for table, rows in expected.items() if found.get(table) != rows and CHANGES not in table} == set()
    assert len(joined) > 50
