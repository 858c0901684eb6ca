{{ config(materialized='incremental', unique_key=['entry_id']) }}
with landed as (
    select *
    from {{ landed('crm', 'loyalty_ledger') }} as landed
    {{ with_existing_versions('crm', 'loyalty_ledger', ['entry_id']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by entry_id
            order by _as_of desc, _load_id desc, _row_number desc
        ) as recency_rank
    from landed
),

final as (
    select
        entry_id,
        customer_id,
        entry_at,
        entry_type,
        points,
        expires_at,
        order_id,
        attributes,
        _load_id,
        _row_number,
        _as_of
    from ranked
    where recency_rank = 1
)

select * from final
