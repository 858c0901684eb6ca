{{ config(
    materialized='incremental', unique_key=['order_id', 'line_id'],
    pre_hook="{{ remember_previous_customers(\"'order'\", 'order_id') }}",
) }}
with lines as (
    select
        *,
        coalesce(amount_cents, round(quantity * unit_price_cents)) as line_amount_cents
    from {{ ref('stg_crm__orders') }}
    where ordered_at < {{ as_of_timestamp() }}
    {{ and_changed_records("'order'", 'order_id') }}
),

customer_keys as (
    select * from {{ ref('int_identity__customer_keys') }}
),

final as (
    select
        lines.order_id,
        lines.line_id,
        customer_keys.customer_key,
        lines.customer_id,
        lines.ordered_at,
        lines.product_id,
        lines.category,
        lines.channel,
        lines.currency,
        lines.status,
        lines.quantity,
        lines.line_amount_cents,
        greatest(lines.line_amount_cents, 0) as gross_cents,
        greatest(-lines.line_amount_cents, 0) as refund_cents,
        lines.cost_cents,
        {{ known_by_night('lines.shipped_at') }} as shipped_at,
        lines.promised_at,
        {{ known_by_night('lines.delivered_at') }} as delivered_at,
        lines.updated_at
    from lines
    left join customer_keys on lines.customer_id = customer_keys.customer_id
)

select * from final
