"""A table and a metric are added by writing the files that CONTRIBUTING shows, and nothing else."""

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

CONFIGURATION = """
sources:
  crm:
    connector: files
    path: "{datasets}"
    tables: {customers: {from: customers.csv}, store_visits: {from: visits.csv}}
"""
CUSTOMERS = "customer_id\nc1\nc2\n"
#: Two visits, one of which landed in two versions; a negative length; an unknown customer.
VISITS = (
    "visit_id,customer_id,visited_at,store,minutes\nv1,c1,2024-01-01 10:00:00,North,12\n"
    "v2,c2,2024-01-01 11:00:00,North,7\nv2,c2,2024-01-01 11:00:00,North,8\n"
    "v3,c1,2024-01-01 12:00:00,South,-1\nv4,c9,2024-01-01 12:00:00,South,3\n"
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
given = variables(settings, as_of, [])
selected = ["--exclude-resource-type", "unit_test", "--indirect-selection", "cautious"]
run_dbt(settings, "build", [*selected, "--select", "+row_accounts", "+store_visit_shares"], given)
run_dbt(settings, "test", ["--select", "store_visit_shares,test_type:unit"], given)
"""


def files_of_the_page() -> dict[str, str]:
    """Every file that CONTRIBUTING shows, by its path."""
    text = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^`([\w./]+)`\n\n```\w+\n(.*?)^```", text, re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home after one night of a copy of the project with the files of the page."""
    folder = tmp_path_factory.mktemp("contributing")
    project = folder / "project"
    for room in ("warehouse", "expectations", "dbt_project"):
        shutil.copytree(PROJECT / room, project / room, ignore=shutil.ignore_patterns("target", "logs", "__pycache__"))
    for path, content in files_of_the_page().items():
        (project / path).write_text(content, encoding="utf-8")
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


def query(home: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as reader:
        return reader.execute(sql).fetchall()


def test_the_rows_of_the_new_table_arrive_in_staging(home: Path) -> None:
    rows = query(home, "select visit_id, customer_id, minutes from staging.stg_crm__store_visits order by 1")
    assert rows == [("v1", "c1", 12.0), ("v2", "c2", 8.0)]


def test_the_row_accounts_of_the_new_table_balance(home: Path) -> None:
    counts = "landed, used, quarantined, superseded"
    assert query(home, f"select {counts} from quality.row_accounts where table_name = 'store_visits'") == [(5, 2, 2, 1)]


def test_the_rules_of_the_new_contract_fill_the_quarantine(home: Path) -> None:
    files = f"{home}/lake/quarantine/crm/store_visits/as_of=*/*.parquet"
    entries = duckdb.sql(f"select _row_number, rule from read_parquet('{files}') order by 1").fetchall()
    assert entries == [(4, "negative_length"), (5, "orphan_customer_id")]


def test_the_new_metric_is_computed_with_its_interval(home: Path) -> None:
    columns = "store, visits, long_visit_share, round(long_visit_share_low, 3), round(long_visit_share_high, 3)"
    rows = query(home, f"select {columns}, is_reportable from marts.store_visit_shares where window_days = 7")
    assert rows == [("North", 2, 0.5, 0.095, 0.905, False)]
