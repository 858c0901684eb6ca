"""Links, people and identifiers of a night that goes on are those of a night made anew, whatever records do."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.contents import fingerprints
from tests.dbt_project.small_lake import SmallLake

FIRST, NIGHTS, RECORDS = date(2026, 2, 1), 4, 300
MODELS = (
    "+identity_links",
    "+int_identity__identifiers",
    "+identity_ledger",
    "+dim_customers",
    "+int_changes__identifiers",
)
CHANGES = "int_changes__"


def said(choose: random.Random) -> dict[str, Any]:
    """Identifiers of few, so that records share them, pass them on and are one person by chains."""
    return {
        "email": choose.choice([None, f"m{choose.randrange(RECORDS)}@example.org"]),
        "phone": choose.choice([None, f"+49 30 5550 {choose.randrange(RECORDS):04}", "+49 30 5550 9999"]),
        "social_handle": choose.choice([None, None, f"@h{choose.randrange(RECORDS)}"]),
        "name": choose.choice(["Ann", "Bea", "Cat"]),
        "birth_date": choose.choice([None, date(1980, 1, 1), date(1990, 1, 1)]),
        "merged_into_id": choose.choice([None] * 9 + [f"c{choose.randrange(RECORDS):03}"]),
    }


def land_nights(lake: SmallLake, seed: int) -> None:
    """Everybody on the first night; then some change, some are new, and some are told late or ahead of their time."""
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
            kept = choose.sample(sorted(said(choose)), 3)
            told = {column: value for column, value in said(choose).items() if column in kept or name not in records}
            records[name] = earlier | told | {"updated_at": at}
            rows.append(records[name])
        lake.land("crm.customers", night, rows)


@pytest.mark.parametrize("seed", [1, 2])
def test_who_is_one_person_does_not_depend_on_how_the_night_was_built(tmp_path: Path, seed: int) -> None:
    lake, anew = SmallLake(tmp_path / "going_on"), SmallLake(tmp_path / "anew")
    land_nights(lake, seed)
    land_nights(anew, seed)
    since = None
    for number in range(NIGHTS):
        night = FIRST + timedelta(days=number)
        with lake.build(night, *MODELS, since=since) as reader:
            moved = reader.execute("select count(*) from intermediate.int_changes__identifiers").fetchone()
        assert (moved != (0,)) == (number > 0)
        since = night
    with anew.build(since or FIRST, *MODELS) as reader:
        shared = reader.execute("select count(*) from marts.identity_links where decision = 'joined'").fetchone()
    assert shared is not None and shared[0] > 50
    expected = fingerprints(anew.home / "warehouse.duckdb")
    found = fingerprints(lake.home / "warehouse.duckdb")
    differing = {table for table, rows in expected.items() if found.get(table) != rows and CHANGES not in table}
    assert differing == set()
