"""A landing that is killed leaves nothing half visible, and the next one lands what an undisturbed one would have."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.warehouse.landing.company import SmallCompany, rows_out
from warehouse.core.settings import PROJECT

#: Lands the night, and kills itself, as `kill -9` does, just before the given move into the lake.
KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path

home, config, sources, last = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
moves = 0

def watch(event, arguments):
    global moves
    if event == "os.rename" and "/lake/landing/" in str(arguments[1]) and "schema.parquet" not in str(arguments[1]):
        moves += 1
        if moves == last:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
from warehouse.landing import land
from warehouse.core.settings import Settings
land(Settings(home, config, sources), date(2024, 1, 2))
"""
CUSTOMERS, ORDERS = "customer_id, _load_id, _row_number", "order_id, line_id, _load_id, _row_number"


def _company(folder: Path) -> SmallCompany:
    company = SmallCompany(folder)
    company.configure_sqlite(
        customers={"from": "accounts", "cursor": "updated_at"}, orders={"from": "orders", "cursor": "ordered_at"}
    )
    company.execute(
        "create table accounts (customer_id text, updated_at text);"
        "create table orders (order_id text, customer_id text, ordered_at text);"
    )
    company.execute("insert into accounts values (?, '2024-01-01 10:00:00')", [(f"c{n}",) for n in range(50)])
    company.execute("insert into orders values (?, 'c1', '2024-01-01 10:00:00')", [(f"o{n}",) for n in range(50)])
    return company


def _manifests(company: SmallCompany) -> list[Path]:
    return list((company.folder / "home" / "lake" / "landing" / "_loads" / "crm").glob("*.json"))


@pytest.mark.parametrize("move", [1, 3, 6])  # before the commit is noted, in the middle of it, before its manifest
def test_killed_landing_is_completed_by_the_next(tmp_path: Path, move: int) -> None:
    company, undisturbed = _company(tmp_path / "killed"), _company(tmp_path / "undisturbed")
    home, config = company.folder / "home", company.folder / "rapport.yml"
    command = [sys.executable, "-c", KILLED, str(home), str(config), str(company.sources), str(move)]
    assert subprocess.run(command, cwd=PROJECT, check=False).returncode == -signal.SIGKILL
    assert _manifests(company) == []

    again = rows_out(company.land("2024-01-02"))
    undisturbed.land("2024-01-02")
    assert again["crm.orders"] == (50 if move == 1 else 0)
    for table, columns in (("crm.customers", CUSTOMERS), ("crm.orders", ORDERS)):
        assert company.landed(table, columns) == undisturbed.landed(table, columns)
    assert rows_out(company.land("2024-01-02")) == {"crm.customers": 0, "crm.orders": 0}
    assert not list(home.rglob("_pending/*.json")) + list((home / "staging").rglob("*.parquet"))


def test_commit_whose_staged_files_are_gone_is_discarded_and_landed_again(tmp_path: Path) -> None:
    company = _company(tmp_path)
    home, config = company.folder / "home", company.folder / "rapport.yml"
    command = [sys.executable, "-c", KILLED, str(home), str(config), str(company.sources), "3"]
    subprocess.run(command, cwd=PROJECT, check=False)
    shutil.rmtree(home / "staging")
    assert rows_out(company.land("2024-01-02")) == {"crm.customers": 50, "crm.orders": 50}
    assert len(company.landed("crm.customers", "1")) == 50
