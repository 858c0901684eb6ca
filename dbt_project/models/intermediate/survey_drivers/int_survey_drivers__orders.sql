with responses as (
    select * from {{ ref('int_survey_drivers__responses') }}
    where order_id is not null
),

orders as (
    select * from {{ ref('fct_orders') }}
),

refunds as (
    select
        order_id,
        min(ordered_at) as refunded_at
    from {{ ref('int_order_lines') }}
    where refund_cents > 0
    group by order_id
),

orders_at_response as (
    select
        responses.response_id,
        responses.responded_at,
        orders.ordered_at,
        orders.promised_at,
        orders.line_count,
        orders.gross_cents,
        coalesce(refunds.refunded_at < responses.responded_at, false) as is_refunded,
        orders.delivered_at < responses.responded_at as was_delivered,
        case when orders.delivered_at < responses.responded_at then orders.delivered_at else responses.responded_at end
            as delivered_or_answered_at
    from responses
    inner join orders on responses.order_id = orders.order_id
    left join refunds on responses.order_id = refunds.order_id
    where orders.ordered_at < responses.responded_at
),

with_days_late as (
    select
        *,
        case
            when was_delivered or promised_at < responded_at
                then {{ days_between('promised_at', 'delivered_or_answered_at') }}
        end as days_late
    from orders_at_response
),

final as (
    select
        response_id,
        cast(case when promised_at is not null then case when days_late > 0 then 1 else 0 end end as double) as order_is_late,
        cast(days_late as double) as order_days_late,
        case
            when promised_at is not null or was_delivered
                then {{ steady(seconds_between(
                    'ordered_at', 'least(delivered_or_answered_at, coalesce(promised_at, delivered_or_answered_at))'
                ) ~ ' / 86400') }}
        end as order_delivery_days,
        cast(line_count as double) as order_line_count,
        cast(gross_cents as double) as order_value_cents,
        cast(case when is_refunded then 1 else 0 end as double) as order_is_refunded
    from with_days_late
)

select * from final
