{{ config(tags=['decide']) }}
{#- Keeps only the values that a scenario uses, so that the table stays small. -#}
{%- set names = feature_signals() -%}
with lifecycle as (
    select * from {{ ref('customer_lifecycle') }}
    where stage not in ('prospect', 'lapsed')
),

features as (
    select
        features.*,
        churn.churn_probability
    from {{ ref('customer_features') }} as features
    inner join lifecycle on features.customer_key = lifecycle.customer_key
    left join {{ ref('churn') }} as churn on features.customer_key = churn.customer_key
    where features.as_of = {{ as_of_date() }}
),

ranges as (
    select
        signal,
        case when count(min_value) = count(*) then min(min_value) end as lowest,
        case when count(max_value) = count(*) then max(max_value) end as highest
    from {{ ref('playbook_scenarios') }}
    group by signal
),

signals as (
    {% for name in names -%}
    select
        customer_key,
        '{{ name }}' as signal,
        cast({{ name }} as double) as signal_value
    from features
    where {{ name }} is not null
    union all
    {% endfor -%}
    select
        customer_key,
        'health_drop' as signal,
        cast(highest_score_28d - health_score as double) as signal_value
    from {{ ref('customer_health_daily') }}
    where as_of = {{ as_of_date() }} and highest_score_28d > health_score
    union all
    select
        customer_key,
        'points_at_stake' as signal,
        cast(sum(points_at_stake) as double) as signal_value
    from {{ ref('points_expiry') }}
    group by customer_key
    union all
    select
        customer_key,
        'upgrade_missing_cents' as signal,
        upgrade_missing_cents as signal_value
    from {{ ref('loyalty_tiers') }}
    where is_upgrade_nudge
    union all
    select
        customer_key,
        'downgrade_days' as signal,
        cast({{ days_between(as_of_date(), 'downgrade_on') }} as double) as signal_value
    from {{ ref('loyalty_tiers') }}
    where is_downgrade_warning
    union all
    select
        customer_key,
        concat('stage_', stage) as signal,
        1 as signal_value
    from lifecycle
    where stage in ('new', 'declining', 'won_back')
    union all
    select
        customer_key,
        'order_overdue' as signal,
        recency_over_gap as signal_value
    from features
    where not has_active_subscription and recency_over_gap is not null
),

final as (
    select
        signals.customer_key,
        signals.signal,
        {{ steady('signals.signal_value') }} as signal_value
    from signals
    inner join ranges on signals.signal = ranges.signal
    inner join lifecycle on signals.customer_key = lifecycle.customer_key
    where
        signals.signal_value >= coalesce(ranges.lowest, signals.signal_value)
        and signals.signal_value <= coalesce(ranges.highest, signals.signal_value)
)

select * from final
