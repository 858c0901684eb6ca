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

with_validity as (
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
        with_validity.subscription_id,
        customer_keys.customer_key,
        with_validity.customer_id,
        with_validity.plan,
        with_validity.product,
        with_validity.monthly_price_cents,
        with_validity.currency,
        with_validity.term_months,
        with_validity.started_at,
        with_validity.ends_at,
        {{ known_by_night('with_validity.cancelled_at') }} as cancelled_at,
        with_validity.cancel_reason,
        with_validity.updated_at,
        with_validity.version_number,
        with_validity.valid_from,
        lead(with_validity.valid_from) over (
            partition by with_validity.subscription_id order by with_validity.version_number
        ) as valid_to
    from with_validity
    left join customer_keys on with_validity.customer_id = customer_keys.customer_id
)

select * from final
