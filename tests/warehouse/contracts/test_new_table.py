"""A landed table is added by the three files of CONTRIBUTING.md (contract, staging model, its yml) and nothing else."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from warehouse.core.settings import NO_TELEMETRY, PROJECT

pytestmark = pytest.mark.proof

#: A path and the text of the file that CONTRIBUTING.md gives for it.
FILE = re.compile(r"^`([^`\n]+)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONFIGURATION = """
sources:
  crm:
    connector: files
    path: "{datasets}"
    tables: {customers: {from: customers.csv}, store_visits: {from: visits.csv}}
"""
CUSTOMERS = "customer_id\nc1\nc2\n"
#: Three good visits, of which one landed twice; a negative length; an unknown customer.
VISITS = (
    "visit_id,customer_id,visited_at,minutes\nv1,c1,2024-01-01 10:00:00,5\nv2,c2,2024-01-01 11:00:00,7\n"
    "v2,c2,2024-01-01 11:00:00,8\nv3,c1,2024-01-01 12:00:00,-1\nv4,c9,2024-01-01 12:00:00,3\n"
)
NIGHT = """
import sys
from datetime import date
from pathlib import Path

from expectations.landed import check
from warehouse.building.dbt_process import run_dbt
from warehouse.building.transform import variables
from warehouse.core.settings import PROJECT, Settings
from warehouse.landing import land

folder = Path(sys.argv[1])
assert PROJECT == Path.cwd(), PROJECT
settings, as_of = Settings(folder / "home", folder / "rapport.yml", folder), date(2024, 1, 2)
land(settings, as_of)
check(settings, as_of)
selected = ["--exclude-resource-type", "unit_test", "--indirect-selection", "cautious", "--select", "+row_accounts"]
run_dbt(settings, "build", selected, variables(settings, as_of, []))
"""


def _files() -> list[tuple[str, str]]:
    guide = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = guide.split("## Add a table that lands")[1].split("\n## ")[0]
    return FILE.findall(section)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of one night of a copy of the project with one more table."""
    assert len(_files()) == 3
    folder = tmp_path_factory.mktemp("new_table")
    project = folder / "project"
    for room in ("warehouse", "expectations", "dbt_project"):
        shutil.copytree(PROJECT / room, project / room, ignore=shutil.ignore_patterns("target", "logs", "__pycache__"))
    for path, text in _files():
        (project / path).write_text(text, encoding="utf-8")
    (folder / "rapport.yml").write_text(CONFIGURATION, encoding="utf-8")
    (folder / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (folder / "visits.csv").write_text(VISITS, encoding="utf-8")
    environment = {"PYTHONPATH": str(project), "PATH": "/usr/bin:/bin", **NO_TELEMETRY}
    ran = subprocess.run(
        [sys.executable, "-c", NIGHT, str(folder)],
        cwd=project, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    return folder / "home"


def test_the_rows_of_a_new_table_arrive_in_staging(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse / "warehouse.duckdb"), read_only=True) as reader:
        rows = reader.execute(
            "select visit_id, customer_id, minutes from staging.stg_crm__store_visits order by 1"
        ).fetchall()
    assert rows == [("v1", "c1", 5), ("v2", "c2", 8)]


def test_the_row_accounts_of_a_new_table_balance(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse / "warehouse.duckdb"), read_only=True) as reader:
        counts = "landed, used, quarantined, superseded"
        found = reader.execute(
            f"select {counts} from quality.row_accounts where table_name = 'store_visits'"
        ).fetchall()
    assert found == [(5, 2, 2, 1)]


def test_the_rules_of_a_new_contract_fill_the_quarantine(warehouse: Path) -> None:
    files = f"{warehouse}/lake/quarantine/crm/store_visits/as_of=*/*.parquet"
    entries = duckdb.sql(f"select _row_number, rule from read_parquet('{files}') order by 1").fetchall()
    assert entries == [(4, "negative_length"), (5, "orphan_customer_id")]
