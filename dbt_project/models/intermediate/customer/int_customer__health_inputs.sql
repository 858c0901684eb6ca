{{ config(materialized='incremental', pre_hook="{{ delete_nights(
    'as_of < ' ~ first_health_night(2 * health_drop_days()) ~ ' and as_of not in ' ~ labelled_nights()
) }}") }}
{#- Features of as_of, and of the past nights that the history or the backtest needs. -#}
{%- set indicators = health_indicators() -%}
with past_nights as (
    select distinct as_of
    from {{ feature_history('customer_features') }} as snapshots
    where
        (as_of >= {{ first_health_night(2 * health_drop_days()) }} or as_of in {{ labelled_nights() }})
    {{ and_not_yet_built('as_of') }}
),

past_features as (
    select snapshots.*
    from {{ feature_history('customer_features') }} as snapshots
    inner join past_nights on snapshots.as_of = past_nights.as_of
),

current_features as (
    select *
    from {{ ref('customer_features') }}
    where as_of = {{ as_of_date() }}
),

snapshots as (
    {% for features in ['current_features', 'past_features'] -%}
    select
        customer_key,
        as_of,
        has_active_subscription,
        case when has_active_subscription then usage_minutes_change_28d end as usage_minutes_change_28d,
        case when has_active_subscription then days_since_last_use end as days_since_last_use,
        case when not has_active_subscription then recency_over_gap end as recency_over_gap,
        case when not has_active_subscription then days_since_last_order end as days_since_last_order,
        {% for indicator in indicators['satisfaction'] + indicators['service'] -%}
        {{ indicator }},
        {% endfor -%}
        case when has_active_subscription then tenure_days end as tenure_days,
        case when has_active_subscription then price_change_share_180d end as price_change_share_180d,
        {{ symmetric_change('net_revenue_cents_90d', 'net_revenue_cents_180d - net_revenue_cents_90d') }} as revenue_change_90d
    from {{ features }}
    where has_active_subscription or (has_ordered and coalesce(cancelled_subscription_count, 0) = 0)
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select * from snapshots
)

select * from final
