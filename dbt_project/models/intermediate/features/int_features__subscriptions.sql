{#- State of each contract at the snapshot and 90 and 180 days before it, summed over the customer's contracts. -#}
with snapshots as (
    select * from {{ ref('int_features__snapshots') }}
),

subscriptions as (
    select * from {{ ref('fct_subscriptions') }}
    where customer_key is not null
),

versions as (
    select * from {{ ref('int_subscription_versions') }}
),

contracts as (
    select
        snapshots.as_of,
        subscriptions.customer_key,
        subscriptions.subscription_id,
        subscriptions.started_at,
        coalesce(subscriptions.cancelled_at >= cast(snapshots.as_of as timestamp), true) as is_running
    from subscriptions
    inner join snapshots
        on subscriptions.started_at < cast(snapshots.as_of as timestamp)
),

states as (
    select
        contracts.*,
        versions.plan,
        versions.product,
        versions.monthly_price_cents,
        versions.ends_at,
        versions.term_months
    from contracts
    left join versions
        on contracts.subscription_id = versions.subscription_id
        and {{ is_valid_at('cast(contracts.as_of as timestamp)') }}
),

earlier as (
    select
        contracts.subscription_id,
        contracts.as_of,
        max(
            case when {{ is_valid_at(timestamp_add_days('contracts.as_of', -90)) }} then versions.monthly_price_cents end
        ) as price_90d_cents,
        max(
            case when {{ is_valid_at(timestamp_add_days('contracts.as_of', -180)) }} then versions.monthly_price_cents end
        ) as price_180d_cents
    from contracts
    inner join versions on contracts.subscription_id = versions.subscription_id
    where contracts.is_running
    group by contracts.subscription_id, contracts.as_of
),

final as (
    select
        states.customer_key,
        states.as_of,
        max(states.is_running) as has_active_subscription,
        cast({{ days_between('min(states.started_at)', 'states.as_of') }} as double) as tenure_days,
        cast(sum(case when states.is_running then 1 else 0 end) as double) as active_subscription_count,
        cast(sum(case when states.is_running then 0 else 1 end) as double) as cancelled_subscription_count,
        cast({{ days_between(
            'states.as_of', 'min(case when states.is_running and states.ends_at >= states.as_of then states.ends_at end)'
        ) }} as double) as days_to_term_end,
        cast(max(case when states.is_running then states.term_months end) as double) as term_months,
        cast(sum(case when states.is_running then states.monthly_price_cents end) as double) as monthly_price_cents,
        {{ price_change('earlier.price_90d_cents') }} as price_change_share_90d,
        {{ price_change('earlier.price_180d_cents') }} as price_change_share_180d,
        {{ value_at_max(
            'states.plan',
            'case when states.is_running then ' ~ event_order('states.started_at', 'states.subscription_id') ~ ' end'
        ) }} as plan,
        {{ value_at_max(
            'states.product',
            'case when states.is_running then ' ~ event_order('states.started_at', 'states.subscription_id') ~ ' end'
        ) }} as product
    from states
    left join earlier
        on states.subscription_id = earlier.subscription_id
        and states.as_of = earlier.as_of
    group by states.customer_key, states.as_of
)

select * from final
