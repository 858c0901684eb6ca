"""The project on Spark publishes what it publishes on DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from demo import DEFAULT_AS_OF
from pipeline.stages import BUILD, CHECK, DECIDE, LAND, SCORE, run_stage
from tests.company import Company
from tests.spark.spark_warehouse import DBT, SparkWarehouse, build_on_spark, differences
from warehouse.core.settings import PROJECT, Settings

pytestmark = pytest.mark.skipif(not DBT.exists(), reason="needs .venv-spark: run `make test-spark` once")
CUSTOMERS, DAYS = "300", "200"
#: Identities, business minutes, refunds and versions: most of what is written differently for the two engines.
FACTS = ("dim_customers", "fct_orders", "fct_survey_responses", "fct_tickets")
PUBLISHED = ("marts", "scores", "quality", "features")
#: Scores of a model that was never trained: enough for lists that are not empty.
SCORES = {
    "churn": """
        select customer_key, as_of, 0.05 + 0.9 * (customer_number % 97) / 97 as churn_probability,
            1 + customer_number % 10 as risk_decile, 'none' as model_version, 'none' as run_id
        from customers
    """,
    "churn_reasons": """
        select customer_key, as_of, reason_rank, reason_code, wording_en as reason_en, wording_zh as reason_zh,
            0.5 / reason_rank as contribution, 'none' as model_version, 'none' as run_id
        from customers
        inner join reasons on reasons.reason_number % 7 = customer_number % 7 and reason_rank <= 3
    """,
}
REASONS = """
    with causes as (
        select reason_code, min(wording_en) as wording_en, min(wording_zh) as wording_zh,
            row_number() over (order by reason_code) as reason_number
        from seeds.churn_causes
        group by reason_code
    )
    select *, row_number() over (partition by reason_number % 7 order by reason_number) as reason_rank from causes
"""


def _invent_scores(settings: Settings) -> None:
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as reader:
        reader.execute(
            "create temp table customers as select customer_key, as_of, "
            "row_number() over (order by customer_key) as customer_number from features.customer_features"
        )
        reader.execute(f"create temp table reasons as {REASONS}")
        for table, query in SCORES.items():
            folder = settings.home / "lake/scores" / table
            schema = reader.execute(f"describe select * from read_parquet('{folder}/schema.parquet')").fetchall()
            columns = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind, *_ in schema)
            night = folder / f"as_of={DEFAULT_AS_OF}"
            night.mkdir(exist_ok=True)
            reader.execute(f"copy (select {columns} from ({query})) to '{night / 'part-0.parquet'}' (format parquet)")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A small demo company, built by DuckDB."""
    home = tmp_path_factory.mktemp("spark") / "home"
    Company(home).run("demo", "--customers", CUSTOMERS, "--days", DAYS)
    settings = Settings(home, PROJECT / "rapport.yml", home)
    for stage in (LAND, CHECK, BUILD):
        run_stage(stage, settings, DEFAULT_AS_OF)
    return settings


def compared(settings: Settings, spark: SparkWarehouse, tables: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """`{schema.table: differences}` of these tables; none where the two are equal."""
    found = {}
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as reader:
        for schema, table in tables:
            types = {name: kind for name, kind, *_ in reader.execute(f'describe "{schema}"."{table}"').fetchall()}
            try:
                theirs = spark.frame(schema, table, reader, types)
            except duckdb.Error as error:
                found[f"{schema}.{table}"] = [str(error)[:200]]
                continue
            ours = reader.execute(f'select * from "{schema}"."{table}"').df()
            found[f"{schema}.{table}"] = differences(ours, theirs)
    return found


def published(settings: Settings) -> list[tuple[str, str]]:
    query = f"""
        select table_schema, table_name from information_schema.tables where table_schema in {PUBLISHED} order by all
    """
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as reader:
        return [(schema, table) for schema, table in reader.execute(query).fetchall()]


def test_people_and_facts_are_the_same_on_spark(settings: Settings, tmp_path: Path) -> None:
    spark = build_on_spark(settings, DEFAULT_AS_OF, tmp_path / "build", *(f"+{table}" for table in FACTS))
    found = compared(settings, spark, [("marts", table) for table in FACTS])
    assert found == {f"marts.{table}": [] for table in FACTS}


@pytest.mark.slow
def test_every_published_table_is_the_same_on_spark(settings: Settings, tmp_path: Path) -> None:
    run_stage(SCORE, settings, DEFAULT_AS_OF)
    _invent_scores(settings)
    run_stage(DECIDE, settings, DEFAULT_AS_OF)
    found = compared(settings, build_on_spark(settings, DEFAULT_AS_OF, tmp_path / "build"), published(settings))
    assert len(found) > 15
    wrong = [f"{table}: {'; '.join(unlike)}" for table, unlike in found.items() if unlike]
    assert not wrong, "\n".join(wrong)
