{{ config(tags=['decide']) }}
{%- set columns = [
    'customer_key', 'as_of', 'lifecycle_stage', 'health_score', 'health_state', 'tier_code',
    'has_active_subscription', 'monthly_price_cents', 'expected_value_cents', 'net_revenue_cents_365d',
    'rfm_segment', 'points_balance', 'last_csat', 'mean_csat_365d', 'last_nps', 'usage_minutes_28d',
    'open_tickets', 'open_complaints', 'churn_probability', 'risk_decile', 'value_at_risk_cents',
    'is_on_retention_list', 'next_best_action'
] -%}
{#- Appends the rows of this run to those that earlier nights published; published rows are not recomputed. -#}
with current_rows as (
    select {{ columns | join(', ') }} from {{ ref('customer_360') }}
),

published_rows as (
    select {{ columns | join(', ') }}
    from {{ history('customer_360_daily') }} as published
    where as_of >= {{ add_days(as_of_date(), '-' ~ threshold('customer', 'customer_360_history_days')) }}
),

final as (
    select * from published_rows
    union all
    select * from current_rows
)

select * from final
