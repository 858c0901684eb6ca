{{ config(materialized='view') }}
with orders as (
    select * from {{ ref('fct_orders') }}
    {{ filter_to_changed_records('order', 'order_id') }}
),

placed as (
    select
        customer_key,
        ordered_at as occurred_at,
        'order_placed' as event_type,
        'crm' as source,
        order_id as source_id,
        channel,
        'order' as touchpoint,
        'customer' as actor,
        cast(null as string) as text,
        cast(null as double) as duration_seconds,
        cast(null as double) as promised_wait_seconds,
        cast(null as double) as actual_wait_seconds,
        gross_cents as amount_cents,
        cast(null as double) as score
    from orders
    where gross_cents > 0
),

refunded as (
    select
        customer_key,
        ordered_at as occurred_at,
        'order_refunded' as event_type,
        'crm' as source,
        order_id as source_id,
        channel,
        'refund' as touchpoint,
        'company' as actor,
        cast(null as string) as text,
        cast(null as double) as duration_seconds,
        cast(null as double) as promised_wait_seconds,
        cast(null as double) as actual_wait_seconds,
        -refund_cents as amount_cents,
        cast(null as double) as score
    from orders
    where refund_cents > 0
),

delivered as (
    select
        customer_key,
        delivered_at as occurred_at,
        'order_delivered' as event_type,
        'crm' as source,
        order_id as source_id,
        channel,
        'delivery' as touchpoint,
        'company' as actor,
        cast(null as string) as text,
        cast(null as double) as duration_seconds,
        promised_days * 86400 as promised_wait_seconds,
        delivery_days * 86400 as actual_wait_seconds,
        gross_cents as amount_cents,
        cast(null as double) as score
    from orders
    where is_delivered
),

final as (
    select * from placed
    union all
    select * from refunded
    union all
    select * from delivered
)

select * from final
