"""A warehouse file with every published table, a few rows in some, whose published tables satisfy every expectation."""

from __future__ import annotations

from datetime import date

import duckdb

from warehouse.building.documentation import documented_tables
from warehouse.core.quoting import identifier
from warehouse.core.settings import Settings

NIGHT = date(2024, 3, 1)

TABLES = """
insert into marts.dim_customers by name
    select 'k' || i as customer_key, 'C' || i as customer_id, timestamp '2024-01-01' as valid_from,
        cast(null as timestamp) as valid_to, true as is_current, true as is_contactable
    from range(1, 201) as numbers(i);
insert into marts.identity_links by name
    select customer_key as link_id, customer_key, customer_id from marts.dim_customers;
insert into marts.identity_ledger by name
    select md5(customer_id) as event_id, date '{night}' as event_date, 'created' as event, customer_id, customer_key,
        'new_record' as because
    from marts.dim_customers;
insert into marts.customer_360 by name
    select customer_key, customer_id, date '{night}' as as_of from marts.dim_customers;
insert into marts.fct_orders by name
    select 'O' || i as order_id, 'k' || (i % 200 + 1) as customer_key, timestamp '2024-02-01' as ordered_at,
        100.0::double as net_cents, 1 as line_count
    from range(300) as numbers(i);
insert into marts.fct_subscriptions by name
    select customer_id as subscription_id, customer_key, valid_from as started_at from marts.dim_customers;
insert into marts.fct_survey_responses by name
    select customer_id as response_id, customer_key, valid_from as responded_at from marts.dim_customers;
insert into marts.fct_tickets by name
    select customer_id as ticket_id, customer_key, valid_from as opened_at, 'standard' as lane, 'office' as calendar,
        'met' as first_response_state, 'met' as resolution_state
    from marts.dim_customers;
insert into marts.customer_lifecycle by name
    select customer_key, date '{night}' as as_of, 'none' as relation_kind, 'prospect' as stage,
        0 as relation_count, 1 as transition_count
    from marts.dim_customers;
insert into marts.fct_customer_timeline by name
    select order_id as event_id, customer_key, ordered_at as occurred_at, 'order_placed' as event_type
    from marts.fct_orders;
insert into marts.satisfaction_metrics by name
    select 'csat' as metric, 'overall' as dimension, 'all' as dimension_value, 28 as window_days,
        40 as response_count, true as is_reportable, date '{night}' as as_of;
insert into marts.customer_rfm by name
    select customer_key, 1 as recency_score, 2 as frequency_score, 3 as monetary_score, date '{night}' as as_of
    from marts.dim_customers;
insert into scores.churn by name
    select customer_key, date '{night}' as as_of, 0.5::double as churn_probability, 5 as risk_decile,
        '1' as model_version, 'r' as run_id
    from marts.dim_customers;
insert into scores.churn_reasons by name
    select customer_key, as_of, 1 as reason_rank, 'late' as reason_code, 'Late' as reason_en, 'L' as reason_zh,
        0.1::double as contribution
    from scores.churn;
insert into scores.contact_forecast by name
    select customer_key, as_of, 0.1::double as ticket_probability_48h, 0.2::double as complaint_probability_7d,
        row_number() over (order by customer_key) as contact_rank, true as is_within_budget, 'ask' as suggested_action
    from scores.churn;
insert into scores.satisfaction_drivers by name
    select date '{night}' as as_of, 'all' as segment, 'csat' as outcome, 'late' as driver_code,
        0.6::double as importance_share, true as is_reportable;
insert into marts.retention_risk_list by name
    select date '{night}' as as_of, i as list_rank, 'k' || i as customer_key, 'C' || i as customer_id,
        0.5::double as churn_probability, 1000.0::double as value_at_risk_cents,
        (500 - i)::double as expected_profit_cents, date '2024-03-03' as due_date, 'nightly-{night}' as run_id
    from range(1, 11) as numbers(i);
insert into quality.model_monitoring by name
    select date '{night}' as as_of, 'churn' as model, 'fallback' as check_code, 'all' as subject, false as is_alert,
        'Version 1 scored' as message_en, '1' as message_zh;
insert into quality.row_accounts by name
    select date '{night}' as as_of, split_part(name, '.', 1) as source, split_part(name, '.', 2) as table_name,
        0 as landed, 0 as used, 0 as quarantined, 0 as superseded
    from (values {accounts}) as contract(name);
update quality.row_accounts set landed = 2, used = 1, superseded = 1 where table_name = 'customers';
"""


def build_warehouse(settings: Settings, *changes: str) -> None:
    """Write the warehouse of NIGHT, then change it by the SQL of `changes`."""
    from warehouse.contracts import contracts

    settings.warehouse_file.parent.mkdir(parents=True, exist_ok=True)
    settings.warehouse_file.unlink(missing_ok=True)
    accounts = ", ".join(f"('{name}')" for name in contracts())
    with duckdb.connect(str(settings.warehouse_file)) as connection:
        connection.execute("create schema marts; create schema scores; create schema quality;")
        for table in documented_tables():
            columns = ", ".join(f"{identifier(name)} {kind}" for name, kind, _, _ in table.columns)
            connection.execute(f"create table {table.schema}.{table.name} ({columns})")
        connection.execute(TABLES.format(night=NIGHT, accounts=accounts))
        for change in changes:
            connection.execute(change)


def publish_release(settings: Settings, as_of: str, orders: int) -> None:
    """Publish a release of `as_of` with this number of orders."""
    settings.serving.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(settings.serving / "customer_360.duckdb")) as connection:
        connection.execute("create schema marts; create schema meta;")
        connection.execute(f"create table marts.fct_orders as from range({orders})")
        connection.execute(f"create table meta.releases as select date '{as_of}' as as_of")
