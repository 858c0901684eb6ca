{{ config(tags=['decide']) }}
{%- set columns = [
    'customer_key', 'as_of', 'lifecycle_stage', 'health_score', 'health_state', 'tier_code',
    'has_active_subscription', 'monthly_price_cents', 'expected_value_cents', 'net_revenue_cents_365d',
    'rfm_segment', 'points_balance', 'last_csat', 'mean_csat_365d', 'last_nps', 'usage_minutes_28d',
    'open_tickets', 'open_complaints', 'churn_probability', 'risk_decile', 'value_at_risk_cents',
    'is_on_retention_list', 'next_best_action'
] -%}
{#- Tonight beside what earlier nights published; nothing of an earlier night is computed again. -#}
with tonight as (
    select {{ columns | join(', ') }} from {{ ref('customer_360') }}
),

earlier as (
    select {{ columns | join(', ') }}
    from {{ history('customer_360_daily') }} as published
    where as_of >= {{ add_days(as_of_date(), '-' ~ threshold('customer', 'customer_360_history_days')) }}
),

final as (
    select * from earlier
    union all
    select * from tonight
)

select * from final
