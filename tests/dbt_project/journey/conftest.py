"""One dbt build of the small company, with the ML statistics between build and decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import duckdb
import pandas as pd
import pytest

from ml.registry import Registry
from ml.use_cases.experiments.score import score as read_out
from ml.use_cases.journey.score import score as estimate
from tests.dbt_project.journey.company import NIGHT, Company
from tests.dbt_project.small_lake import SmallLake
from warehouse.building.read_back import write_parquet
from warehouse.building.seeds import write_seeds
from warehouse.core.settings import PROJECT, Settings

FEATURES = ("journey_weights", "response_times", "promise_answers", "experiment_arms")
BUILT = (
    "+journey_paths",
    "+alerts",
    "+improvement_actions",
    "+int_journey__touchpoints",
    *(f"+{name}" for name in FEATURES),
)
DECIDED = ("journey_touchpoints", "response_time_curve", "expectation_calibration", "experiment_results")
BETWEEN = (
    *("response_time_bins", "experiment_decisions", "text_sentiment", "int_journey__sentiments"),
    *("int_journey__touchpoint_weights", "int_journey__response_time_fits", "int_journey__promise_slopes"),
    "int_decisions__experiment_readouts",
)
Read = Callable[[str], pd.DataFrame]


@pytest.fixture(scope="session")
def company() -> Company:
    return Company()


@pytest.fixture(scope="session")
def read(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Read]:
    """Returns a function that runs a query on the warehouse of the night."""
    home = tmp_path_factory.mktemp("journey") / "home"
    lake, settings = SmallLake(home), Settings(home, PROJECT / "rapport.yml", home)
    write_seeds(settings)
    for table, rows in company.tables().items():
        lake.land(table, NIGHT, rows)
    write_seeds(settings)
    with lake.build(NIGHT, *BUILT) as built:
        for table in FEATURES:
            file = settings.features / table / f"as_of={NIGHT}" / "part-0.parquet"
            write_parquet(built, f"select * from features.{table} order by all", file)
    estimate(settings, Registry(settings), NIGHT)
    read_out(settings, Registry(settings), NIGHT)
    with lake.build(NIGHT, *BETWEEN, *DECIDED) as decided:
        yield lambda query: fetched(decided, query)


def fetched(reader: duckdb.DuckDBPyConnection, query: str) -> pd.DataFrame:
    return reader.execute(query).fetchdf()
