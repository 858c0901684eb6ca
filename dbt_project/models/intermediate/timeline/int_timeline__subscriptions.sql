{{ config(materialized='view') }}
with subscriptions as (
    select * from {{ ref('fct_subscriptions') }}
    {{ filter_to_changed_records('subscription', 'subscription_id') }}
),

versions as (
    select * from {{ ref('int_subscription_versions') }}
    {{ filter_to_changed_records('subscription', 'subscription_id') }}
),

price_changes as (
    select
        *,
        monthly_price_cents - lag(monthly_price_cents) over (
            partition by subscription_id order by version_number
        ) as price_change_cents
    from versions
),

started as (
    select
        customer_key,
        started_at as occurred_at,
        'subscription_started' as event_type,
        'crm' as source,
        subscription_id as source_id,
        cast(null as string) as channel,
        'onboarding' as touchpoint,
        'customer' as actor,
        cast(null as string) as text,
        cast(null as double) as duration_seconds,
        cast(null as double) as promised_wait_seconds,
        cast(null as double) as actual_wait_seconds,
        first_price_cents as amount_cents,
        cast(null as double) as score
    from subscriptions
),

repriced as (
    select
        customer_key,
        valid_from as occurred_at,
        'price_changed' as event_type,
        'crm' as source,
        subscription_id as source_id,
        cast(null as string) as channel,
        'billing' as touchpoint,
        'company' as actor,
        cast(null as string) as text,
        cast(null as double) as duration_seconds,
        cast(null as double) as promised_wait_seconds,
        cast(null as double) as actual_wait_seconds,
        price_change_cents as amount_cents,
        cast(null as double) as score
    from price_changes
    where price_change_cents != 0
),

cancelled as (
    select
        customer_key,
        cancelled_at as occurred_at,
        'subscription_cancelled' as event_type,
        'crm' as source,
        subscription_id as source_id,
        cast(null as string) as channel,
        'cancellation' as touchpoint,
        'customer' as actor,
        cancel_reason as text,
        cast(null as double) as duration_seconds,
        cast(null as double) as promised_wait_seconds,
        cast(null as double) as actual_wait_seconds,
        cast(null as double) as amount_cents,
        cast(null as double) as score
    from subscriptions
    where cancelled_at is not null
),

final as (
    select * from started
    union all
    select * from repriced
    union all
    select * from cancelled
)

select * from final
