{{ config(materialized='incremental', unique_key=['subscription_id', 'updated_at']) }}
with landed as (
    select *
    from {{ landed('crm', 'subscriptions') }} as landed
    {{ with_existing_versions('crm', 'subscriptions', ['subscription_id', 'updated_at']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by subscription_id, updated_at
            order by _as_of desc, _load_id desc, _row_number desc
        ) as recency_rank
    from landed
),

final as (
    select
        subscription_id,
        customer_id,
        plan,
        product,
        started_at,
        ends_at,
        cancelled_at,
        cancel_reason,
        monthly_price_cents,
        currency,
        term_months,
        updated_at,
        attributes,
        _load_id,
        _row_number,
        _as_of
    from ranked
    where recency_rank = 1
)

select * from final
