{#- Lateness as known at the snapshot: an order that has not arrived is late by the days so far. -#}
with snapshots as (
    select * from {{ ref('int_features__snapshots') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
    where customer_key is not null and promised_at is not null
),

states as (
    select
        orders.customer_key,
        snapshots.as_of,
        orders.order_date,
        {{ event_order('orders.ordered_at', 'orders.order_id') }} as order_order,
        {{ days_between(
            'orders.promised_at',
            'case when orders.delivered_at < cast(snapshots.as_of as timestamp) then orders.delivered_at '
            ~ 'else ' ~ timestamp_add_days('snapshots.as_of', -1) ~ ' end'
        ) }} as days_late
    from orders
    inner join snapshots
        on orders.ordered_at < cast(snapshots.as_of as timestamp)
        and orders.ordered_at >= {{ timestamp_add_days('snapshots.as_of', -365) }}
        and (
            orders.promised_at < cast(snapshots.as_of as timestamp)
            or orders.delivered_at < cast(snapshots.as_of as timestamp)
        )
),

final as (
    select
        customer_key,
        as_of,
        cast({{ sum_within('case when days_late > 0 then 1 end', 'order_date', 90, 'as_of') }} as double) as late_deliveries_90d,
        {{ steady('avg(cast(case when days_late > 0 then 1 else 0 end as double))') }} as late_delivery_share_365d,
        cast({{ value_at_max('days_late', 'order_order') }} as double) as last_order_days_late
    from states
    group by customer_key, as_of
)

select * from final
