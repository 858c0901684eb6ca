"""One build of the service, complaint and employee tables of the small company, and its seeds."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import duckdb
import pandas as pd
import pytest
import yaml

from expectations.landed import check
from tests.dbt_project.service.small_company import LANDED, NIGHT
from tests.dbt_project.small_lake import SmallLake
from warehouse.core.settings import PROJECT, Settings

TABLES = (
    *("sla_performance", "complaint_board", "complaint_recovery", "complainers_coming_back"),
    *("employee_customer_board", "service_profit_chain", "agent_scorecard"),
)
Reader = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def service_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    lake = SmallLake(tmp_path_factory.mktemp("service"))
    sources: dict[str, dict[str, Any]] = {}
    for table, rows in LANDED.items():
        source, name = table.split(".")
        described = sources.setdefault(source, {"connector": "files", "path": ".", "tables": {}})
        described["tables"][name] = {"from": name}
        lake.land(table, NIGHT, rows)
    config = lake.home / "rapport.yml"
    config.write_text(yaml.safe_dump({"company": "small", "sources": sources}), encoding="utf-8")
    check(Settings(home=lake.home, config_path=config, datasets=lake.home), NIGHT)
    with lake.build(NIGHT, *(f"+{table}" for table in TABLES)) as reader:
        yield reader


@pytest.fixture(scope="session")
def published(service_warehouse: duckdb.DuckDBPyConnection) -> Reader:
    """`published(table, *key)` returns a table of the warehouse, indexed and sorted by its key."""

    def read(table: str, *key: str) -> pd.DataFrame:
        schema = "intermediate" if table.startswith("int_") else "marts"
        frame = service_warehouse.execute(f"select * from {schema}.{table}").df()
        return frame.set_index(list(key)).sort_index() if key else frame

    return read


@cache
def seed(place: str) -> pd.DataFrame:
    """A seed as text, such as `service/sla_policies`; empty cells are empty texts."""
    with (PROJECT / "dbt_project" / "seeds" / f"{place}.csv").open(encoding="utf-8", newline="") as file:
        return pd.DataFrame(list(csv.DictReader(file)))


@cache
def threshold(domain: str, name: str) -> float:
    folder = "" if domain == "shared" else f"{domain}/"
    rows = seed(f"{folder}{domain}_thresholds").set_index("name")
    return float(rows.loc[name, "value"])
