"""A warehouse file of a few rows with the tables that a night publishes, as dbt would leave it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb

from warehouse.core.settings import Settings

CONFIGURATION = """
company: small
currency: EUR
sources: {crm: {connector: files, path: "{home}", tables: {customers: {from: customers.csv}}}}
releases_kept: %d
"""

NIGHT = date(2026, 11, 1)


def installation(home: Path, releases_kept: int = 7) -> Settings:
    """Settings of a home of its own."""
    home.mkdir(parents=True, exist_ok=True)
    configuration = home / "rapport.yml"
    configuration.write_text(CONFIGURATION % releases_kept, encoding="utf-8")
    return Settings(home=home, config_path=configuration, datasets=home)


def night(after: int = 0) -> date:
    return NIGHT + timedelta(days=after)


def build_warehouse(settings: Settings, as_of: date, customers: int = 3, risk: float = 0.5) -> None:
    """Write `warehouse.duckdb` of a night, as the stages before publish do; rows unordered."""
    settings.warehouse_file.unlink(missing_ok=True)
    with duckdb.connect(str(settings.warehouse_file)) as connection:
        for schema in ("staging", "marts", "scores", "quality", "features"):
            connection.execute(f"create schema {schema}")
        connection.execute("create table staging.private as select 1 as secret")
        connection.execute(
            """
            create table marts.customer_360 as
            select md5(i::varchar) as customer_key, 'C' || i as customer_id, ?::date as as_of, 'Name ' || i as name
            from range(?) as numbers(i) order by hash(i)
            """,
            [as_of, customers],
        )
        connection.execute("create view marts.customer_names as select customer_key, name from marts.customer_360")
        connection.execute(
            """
            create table scores.churn as
            select customer_key, as_of, ?::double as churn_probability, 1 as risk_decile,
                   '3' as model_version, 'run' as run_id
            from marts.customer_360
            """,
            [risk],
        )
        connection.execute(
            """
            create table quality.row_accounts as
            select ?::date as as_of, 'crm' as source, 'customers' as table_name,
                   ?::bigint as landed, ?::bigint as used, 0::bigint as quarantined, 0::bigint as superseded
            """,
            [as_of, customers, customers],
        )
        connection.execute(
            """
            create table marts.retention_risk_list (
                as_of date, list_rank bigint, customer_key varchar, customer_id varchar, customer_name varchar,
                churn_probability double, value_at_risk_cents bigint, expected_profit_cents bigint, reason_1 varchar,
                reason_1_zh varchar, is_vip boolean, owner_id varchar, due_date date, rank_change bigint,
                run_id varchar
            )
            """
        )
        rows = [
            (2, "C2", "=1+1", 0.25, 5000, -1200, "+86 21 5555", "投诉未解决", False, "E1", None),
            (1, "C1", "王芳", risk, 123456, 4200, "Waited three days, twice", "等待太久", True, "@E2", -1),
            (3, "C3", "-2+3", 0.1, 100, 1, "\tTab", "\u201c引号\u201d,\n换行", None, None, 0),
        ]
        for rank, customer, name, probability, value, profit, reason, zh, vip, owner, change in rows:
            connection.execute(
                "insert into marts.retention_risk_list values (?,?,md5(?),?,?,?,?,?,?,?,?,?,?::date + 2,?,?)",
                [as_of, rank, customer, customer, name, probability, value, profit, reason, zh, vip, owner, as_of,
                 change, f"nightly-{as_of}"],
            )  # fmt: skip
