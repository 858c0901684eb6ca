{#- Several orders on one day are one purchase. A refund is subtracted on the day of the refund. -#}
with value_days as (
    select * from {{ value_days() }} as known_days
),

days as (
    select
        *,
        case when order_count > 0 then order_date end as paid_date,
        gross_cents - refund_cents as net_cents
    from {{ ref('int_features__order_days') }}
),

counted as (
    select
        days.customer_key,
        value_days.known_until,
        count(case when days.order_date < value_days.known_until then days.paid_date end) as purchase_days,
        min(days.paid_date) as first_date,
        max(case when days.order_date < value_days.known_until then days.paid_date end) as last_date,
        sum(case when days.order_date < value_days.known_until then days.net_cents end) as net_cents,
        count(case when days.order_date >= value_days.known_until then days.paid_date end) as later_purchase_days,
        sum(case when days.order_date >= value_days.known_until then days.net_cents end) as later_net_cents
    from days
    cross join value_days
    where days.order_date < {{ as_of_date() }}
    group by days.customer_key, value_days.known_until
),

final as (
    select
        {{ as_of_date() }} as as_of,
        known_until,
        customer_key,
        cast(purchase_days - 1 as bigint) as repeat_purchase_days,
        cast({{ days_between('first_date', 'last_date') }} as bigint) as recency_days,
        cast({{ days_between('first_date', 'known_until') }} as bigint) as age_days,
        {{ steady('net_cents * ' ~ var('retention_margin_share') ~ ' / purchase_days') }} as mean_margin_cents,
        cast(later_purchase_days as bigint) as later_purchase_days,
        {{ steady('coalesce(later_net_cents, 0) * ' ~ var('retention_margin_share')) }} as later_margin_cents
    from counted
    where purchase_days > 0
)

select * from final
