{{ config(materialized='incremental', pre_hook="{{ delete_changed_records(\"'subscription'\", 'subscription_id') }}") }}
with versions as (
    select
        *,
        row_number() over (partition by subscription_id order by updated_at asc nulls first) as version_number
    from {{ ref('stg_crm__subscriptions') }}
    where
        started_at < {{ as_of_timestamp() }}
        and (updated_at is null or updated_at < {{ as_of_timestamp() }})
    {{ and_changed_records("'subscription'", 'subscription_id') }}
),

customer_keys as (
    select * from {{ ref('int_identity__customer_keys') }}
),

dated as (
    select
        *,
        case
            when version_number = 1 then least(coalesce(updated_at, started_at), started_at)
            else updated_at
        end as valid_from
    from versions
),

final as (
    select
        dated.subscription_id,
        customer_keys.customer_key,
        dated.customer_id,
        dated.plan,
        dated.product,
        dated.monthly_price_cents,
        dated.currency,
        dated.term_months,
        dated.started_at,
        dated.ends_at,
        {{ known_by_night('dated.cancelled_at') }} as cancelled_at,
        dated.cancel_reason,
        dated.updated_at,
        dated.version_number,
        dated.valid_from,
        lead(dated.valid_from) over (partition by dated.subscription_id order by dated.version_number) as valid_to
    from dated
    left join customer_keys on dated.customer_id = customer_keys.customer_id
)

select * from final
