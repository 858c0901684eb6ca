{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__customers', 'customer_key') }}") }}
with lines as (
    select * from {{ ref('int_order_lines') }}
    where customer_key is not null {{ filter_to_changed('int_changes__customers', 'customer_key', begin='and') }}
),

final as (
    select
        customer_key,
        order_id,
        {{ to_date('ordered_at') }} as order_date,
        product_id,
        coalesce(sum(gross_cents), 0) as gross_cents,
        coalesce(sum(refund_cents), 0) as refund_cents,
        coalesce(sum(case when gross_cents > 0 then quantity end), 0) as quantity
    from lines
    group by customer_key, order_id, {{ to_date('ordered_at') }}, product_id
)

select * from final
