"""One build of the survey tables of the small company, and its seeds."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pandas as pd
import pytest

from tests.dbt_project.small_lake import SmallLake
from tests.dbt_project.surveys.small_company import LANDED, NIGHT, VALUES
from warehouse.core.settings import PROJECT

SEEDS = PROJECT / "dbt_project" / "seeds" / "surveys"
TABLES = (
    *("kpi_scorecard", "benchmark_comparison", "servqual_gaps", "kano_features", "keyword_watch"),
    *("survey_response_rates", "survey_send_list", "satisfaction_metrics_daily"),
)
Reader = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def survey_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    lake = SmallLake(tmp_path_factory.mktemp("surveys"))
    for table, rows in LANDED.items():
        lake.land(table, NIGHT, rows)
    lake.put("scores/customer_value", VALUES)
    with lake.build(NIGHT, *(f"+{table}" for table in TABLES)) as reader:
        yield reader


@pytest.fixture(scope="session")
def published(survey_warehouse: duckdb.DuckDBPyConnection) -> Reader:
    """`published(table, *key)` returns a table of the schema marts, indexed and sorted by its key."""

    def read(table: str, *key: str) -> pd.DataFrame:
        frame = survey_warehouse.execute(f"select * from marts.{table}").df()
        return frame.set_index(list(key)).sort_index()

    return read


@pytest.fixture(scope="session")
def thresholds() -> dict[str, float]:
    return {row["name"]: float(row["value"]) for row in seed("surveys_thresholds")}


def seed(name: str) -> list[dict[str, Any]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
