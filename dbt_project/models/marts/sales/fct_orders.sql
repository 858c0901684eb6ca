{{ config(materialized='incremental', unique_key=['order_id']) }}
{%- set by_size = "lpad(cast(cast(coalesce(gross_cents, 0) as bigint) as string), 15, '0') || line_id" -%}
with lines as (
    select * from {{ ref('int_order_lines') }}
    {{ filter_to_changed_records('order', 'order_id') }}
),

orders as (
    select
        order_id,
        min(customer_id) as customer_id,
        min(customer_key) as customer_key,
        min(ordered_at) as ordered_at,
        {{ value_at_max('channel', by_size) }} as channel,
        {{ value_at_max('category', by_size) }} as category,
        min(currency) as currency,
        count(*) as line_count,
        sum(quantity) as quantity,
        coalesce(sum(gross_cents), 0) as gross_cents,
        coalesce(sum(refund_cents), 0) as refund_cents,
        sum(cost_cents) as cost_cents,
        {{ value_at_max('status', event_order('coalesce(updated_at, ordered_at)', 'line_id')) }} as status,
        max(shipped_at) as shipped_at,
        max(promised_at) as promised_at,
        case
            when sum(case when gross_cents > 0 and delivered_at is null then 1 else 0 end) = 0 then max(delivered_at)
        end as delivered_at,
        count(distinct product_id) as product_count
    from lines
    group by order_id
),

-- A delivery date before the order date is a data error: the order counts as delivered, but no duration is computed.
valid_deliveries as (
    select
        *,
        case when delivered_at >= ordered_at then delivered_at end as measured_delivery_at
    from orders
),

lateness as (
    select
        *,
        {{ days_between('promised_at', 'measured_delivery_at') }} as days_late
    from valid_deliveries
),

final as (
    select
        order_id,
        customer_key,
        customer_id,
        ordered_at,
        {{ to_date('ordered_at') }} as order_date,
        channel,
        category,
        currency,
        line_count,
        cast(quantity as double) as quantity,
        cast(gross_cents as double) as gross_cents,
        cast(refund_cents as double) as refund_cents,
        cast(gross_cents - refund_cents as double) as net_cents,
        cast(cost_cents as double) as cost_cents,
        status,
        shipped_at,
        promised_at,
        delivered_at,
        {{ seconds_between('ordered_at', 'measured_delivery_at') }} / 86400 as delivery_days,
        {{ seconds_between('ordered_at', 'promised_at') }} / 86400 as promised_days,
        cast(days_late as bigint) as days_late,
        days_late > 0 as is_late,
        delivered_at is not null as is_delivered,
        product_count
    from lateness
)

select * from final
