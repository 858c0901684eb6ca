{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__customers', 'customer_key') }}") }}
with lines as (
    select * from {{ ref('int_features__order_lines') }}
    {{ filter_to_changed('int_changes__customers', 'customer_key') }}
),

days as (
    select
        customer_key,
        order_date,
        count(distinct case when gross_cents > 0 then order_id end) as order_count,
        sum(gross_cents) as gross_cents,
        sum(refund_cents) as refund_cents,
        sum(quantity) as quantity
    from lines
    group by customer_key, order_date
),

with_previous as (
    select
        *,
        max(case when order_count > 0 then order_date end) over (
            partition by customer_key
            order by order_date
            rows between unbounded preceding and 1 preceding
        ) as previous_order_date
    from days
),

final as (
    select
        customer_key,
        order_date,
        order_count,
        gross_cents,
        refund_cents,
        quantity,
        case when order_count > 0 then {{ days_between('previous_order_date', 'order_date') }} end as gap_days
    from with_previous
)

select * from final
