{#- What was known of each contract at the snapshot, 90 and 180 days before it, summed over the customer's contracts. -#}
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

known as (
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

now as (
    select
        known.*,
        versions.plan,
        versions.product,
        versions.monthly_price_cents,
        versions.ends_at,
        versions.term_months
    from known
    left join versions
        on known.subscription_id = versions.subscription_id
        and {{ is_valid_at('cast(known.as_of as timestamp)') }}
),

earlier as (
    select
        known.subscription_id,
        known.as_of,
        max(case when {{ is_valid_at(timestamp_add_days('known.as_of', -90)) }} then versions.monthly_price_cents end) as price_90d_cents,
        max(case when {{ is_valid_at(timestamp_add_days('known.as_of', -180)) }} then versions.monthly_price_cents end) as price_180d_cents
    from known
    inner join versions on known.subscription_id = versions.subscription_id
    where known.is_running
    group by known.subscription_id, known.as_of
),

final as (
    select
        now.customer_key,
        now.as_of,
        max(now.is_running) as has_active_subscription,
        cast({{ days_between('min(now.started_at)', 'now.as_of') }} as double) as tenure_days,
        cast(sum(case when now.is_running then 1 else 0 end) as double) as active_subscription_count,
        cast(sum(case when now.is_running then 0 else 1 end) as double) as cancelled_subscription_count,
        cast({{ days_between('now.as_of', 'min(case when now.is_running and now.ends_at >= now.as_of then now.ends_at end)') }} as double)
            as days_to_term_end,
        cast(max(case when now.is_running then now.term_months end) as double) as term_months,
        cast(sum(case when now.is_running then now.monthly_price_cents end) as double) as monthly_price_cents,
        {{ price_change('earlier.price_90d_cents') }} as price_change_share_90d,
        {{ price_change('earlier.price_180d_cents') }} as price_change_share_180d,
        {{ value_at_max('now.plan', 'case when now.is_running then ' ~ event_order('now.started_at', 'now.subscription_id') ~ ' end') }}
            as plan,
        {{ value_at_max('now.product', 'case when now.is_running then ' ~ event_order('now.started_at', 'now.subscription_id') ~ ' end') }}
            as product
    from now
    left join earlier
        on now.subscription_id = earlier.subscription_id
        and now.as_of = earlier.as_of
    group by now.customer_key, now.as_of
)

select * from final
