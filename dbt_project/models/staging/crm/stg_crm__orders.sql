{{ config(materialized='incremental', unique_key=['order_id', 'line_id']) }}
with landed as (
    select *
    from {{ landed('crm', 'orders') }} as landed
    {{ with_existing_versions('crm', 'orders', ['order_id', 'line_id']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by order_id, line_id
            order by updated_at desc nulls last, _as_of desc, _load_id desc, _row_number desc
        ) as recency_rank
    from landed
),

final as (
    select
        order_id,
        line_id,
        customer_id,
        ordered_at,
        product_id,
        category,
        channel,
        quantity,
        unit_price_cents,
        amount_cents,
        cost_cents,
        currency,
        status,
        shipped_at,
        promised_at,
        delivered_at,
        updated_at,
        attributes,
        _load_id,
        _row_number,
        _as_of
    from ranked
    where recency_rank = 1
)

select * from final
