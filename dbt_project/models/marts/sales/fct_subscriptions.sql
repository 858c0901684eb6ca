{{ config(materialized='incremental', pre_hook="{{ delete_changed_records(\"'subscription'\", 'subscription_id') }}") }}
with versions as (
    select
        *,
        first_value(monthly_price_cents) over (
            partition by subscription_id order by version_number
        ) as first_price_cents
    from {{ ref('int_subscription_versions') }}
    {{ filter_to_changed_records('subscription', 'subscription_id') }}
),

final as (
    select
        subscription_id,
        customer_key,
        customer_id,
        plan,
        product,
        started_at,
        ends_at,
        cancelled_at,
        case when cancelled_at is not null then cancel_reason end as cancel_reason,
        cast(monthly_price_cents as double) as monthly_price_cents,
        cast(first_price_cents as double) as first_price_cents,
        currency,
        term_months,
        cancelled_at is null as is_active
    from versions
    where valid_to is null
)

select * from final
