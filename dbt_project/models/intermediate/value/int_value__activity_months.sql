{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__relations', 'customer_key') }}") }}
{%- set months_back = "(extract(year from " ~ as_of_date() ~ ") - extract(year from activity_date)) * 12"
    ~ " + extract(month from " ~ as_of_date() ~ ") - extract(month from activity_date)" -%}
-- One column per month, so that months can be compared within a row.
-- noqa: disable=LT02,LT05
with relations as (
    select
        customer_key,
        min(relation_kind) as relation_kind
    from {{ ref('int_value__relations') }}
    {{ filter_to_changed('int_changes__relations', 'customer_key') }}
    group by customer_key
    having count(*) > count(lost_on) or max(lost_on) >= {{ months_before(lifecycle_months()) }}
),

activity as (
    select
        customer_key,
        'purchase' as relation_kind,
        order_date as activity_date,
        gross_cents - refund_cents as activity
    from {{ ref('int_features__order_days') }}
    {{ filter_to_changed('int_changes__relations', 'customer_key') }}
    union all
    select
        customer_keys.customer_key,
        'contract' as relation_kind,
        usage.usage_date as activity_date,
        usage.minutes as activity
    from {{ ref('stg_crm__usage_daily') }} as usage
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys on usage.customer_id = customer_keys.customer_id
    {{ filter_to_changed('int_changes__relations', 'customer_keys.customer_key') }}
),

by_month as (
    select
        customer_key,
        relation_kind,
        {{ months_back }} as months_back,
        sum(activity) as activity
    from activity
    where activity_date >= {{ months_before(activity_months()) }} and activity_date < {{ month_of(as_of_date()) }}
    group by customer_key, relation_kind, {{ months_back }}
),

month_columns as (
    select
        customer_key,
        relation_kind,
        {% for month in range(1, activity_months() + 1) -%}
        sum(case when months_back = {{ month }} then activity end) as activity_{{ month }}{{ ',' if not loop.last }}
        {% endfor %}
    from by_month
    group by customer_key, relation_kind
),

final as (
    select
        relations.customer_key,
        {% for month in range(1, activity_months() + 1) -%}
        {{ steady('coalesce(month_columns.activity_' ~ month ~ ', 0)') }} as activity_{{ month }}{{ ',' if not loop.last }}
        {% endfor %}
    from relations
    left join month_columns
        on relations.customer_key = month_columns.customer_key
        and relations.relation_kind = month_columns.relation_kind
)

select * from final
