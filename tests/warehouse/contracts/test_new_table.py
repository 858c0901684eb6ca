"""A landed table is added by a contract and a staging model with its yml, and by nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from warehouse.core.settings import NO_TELEMETRY, PROJECT

pytestmark = pytest.mark.proof

CONTRACT = """
source: crm
table: visits
description: 'Visits to a branch: who came and when.'
grain: one row per visit
required: false
key: [visit_id]
version_at: null
event_at: visited_at
columns:
  visit_id: {type: string, required: true, description: 'Identifier of the visit'}
  customer_id: {type: string, references: crm.customers, description: 'Who came'}
  visited_at: {type: timestamp, required: true, description: 'When'}
  minutes: {type: integer, description: 'Length of the visit in minutes'}
rules:
  - {name: negative_length, severity: quarantine, failing: 'minutes < 0', reason: 'the visit has a negative length'}
"""
MODEL = """
with ranked as (
    select
        *,
        row_number() over (partition by visit_id order by _as_of desc, _load_id desc, _row_number desc) as recency_rank
    from {{ landed('crm', 'visits') }} as landed
),

final as (
    select visit_id, customer_id, visited_at, minutes, _load_id, _row_number, _as_of
    from ranked
    where recency_rank = 1
)

select * from final
"""
DESCRIPTION = """
models:
  - name: stg_crm__visits
    description: 'One row per visit, the latest landed copy.'
    columns:
      - {name: visit_id, data_type: string, description: 'Identifier of the visit', data_tests: [not_null, unique]}
"""
CONFIGURATION = """
sources:
  crm:
    connector: files
    path: "{datasets}"
    tables: {customers: {from: customers.csv}, visits: {from: visits.csv}}
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


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of one night of a copy of the project with one more table."""
    folder = tmp_path_factory.mktemp("new_table")
    project = folder / "project"
    for room in ("warehouse", "expectations", "dbt_project"):
        shutil.copytree(PROJECT / room, project / room, ignore=shutil.ignore_patterns("target", "logs", "__pycache__"))
    (project / "warehouse/contracts/crm_visits.yml").write_text(CONTRACT, encoding="utf-8")
    staging = project / "dbt_project/models/staging/crm"
    (staging / "stg_crm__visits.sql").write_text(MODEL, encoding="utf-8")
    (staging / "stg_crm__visits.yml").write_text(DESCRIPTION, encoding="utf-8")
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
            "select visit_id, customer_id, minutes from staging.stg_crm__visits order by 1"
        ).fetchall()
    assert rows == [("v1", "c1", 5), ("v2", "c2", 8)]


def test_the_row_accounts_of_a_new_table_balance(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse / "warehouse.duckdb"), read_only=True) as reader:
        counts = "landed, used, quarantined, superseded"
        found = reader.execute(f"select {counts} from quality.row_accounts where table_name = 'visits'").fetchall()
    assert found == [(5, 2, 2, 1)]


def test_the_rules_of_a_new_contract_fill_the_quarantine(warehouse: Path) -> None:
    files = f"{warehouse}/lake/quarantine/crm/visits/as_of=*/*.parquet"
    entries = duckdb.sql(f"select _row_number, rule from read_parquet('{files}') order by 1").fetchall()
    assert entries == [(4, "negative_length"), (5, "orphan_customer_id")]
