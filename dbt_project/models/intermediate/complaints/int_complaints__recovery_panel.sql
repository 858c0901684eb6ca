{#- Compares customers who complained in a 30-day month with customers who did not. Both are described as of the start
    of the month and followed over the same period after it. Covers twelve months; the last is the latest one whose
    follow-up period is over. -#}
with limits as (
    select
        {{ threshold('complaints', 'recovery_days') }} as recovery_days,
        {{ threshold('complaints', 'recovery_lookback_days') }} as lookback_days,
        {{ threshold('complaints', 'recovery_control_customers') }} as control_customers
),

months as (
    select
        numbers.number as month_number,
        limits.lookback_days,
        cast({{ add_days(as_of_date(), '-limits.recovery_days - ' ~ complaint_month_days() ~ ' * (numbers.number + 1)') }} as timestamp) as begins_at,
        cast({{ add_days(as_of_date(), '-limits.recovery_days - ' ~ complaint_month_days() ~ ' * numbers.number') }} as timestamp) as ends_at,
        cast({{ add_days(as_of_date(), '-' ~ complaint_month_days() ~ ' * numbers.number') }} as timestamp) as watched_until
    from (
        {%- for number in range(12) %}
        select {{ number }} as number
        {% if not loop.last %}union all{% endif %}
        {%- endfor %}
    ) as numbers
    cross join limits
),

customers as (
    select
        customer_key,
        coalesce(segment, 'unknown') as segment,
        count(*) over () as customer_count
    from {{ ref('dim_customers') }}
    where is_current
),

numbered_complaints as (
    select
        months.month_number,
        complaints.customer_key,
        complaints.complaint_id,
        row_number() over (
            partition by months.month_number, complaints.customer_key
            order by complaints.received_at, complaints.complaint_id
        ) as complaint_number
    from {{ ref('fct_complaints') }} as complaints
    inner join months on complaints.received_at >= months.begins_at and complaints.received_at < months.ends_at
    where complaints.customer_key is not null
),

first_complaints as (
    select *
    from numbered_complaints
    where complaint_number = 1
),

sampled_customers as (
    select customers.*
    from customers
    cross join limits
    where
        customers.customer_key in (select first_complaints.customer_key from first_complaints)
        or substr(customers.customer_key, 1, 4)
        < lower(lpad(hex(cast(least(65535, 65536 * limits.control_customers / customers.customer_count) as bigint)), 4, '0'))
        or customers.customer_count <= limits.control_customers
),

contracts as (
    select
        months.month_number,
        subscriptions.customer_key,
        max(
            case
                when
                    subscriptions.started_at < months.watched_until
                    and coalesce(subscriptions.cancelled_at, timestamp '9999-12-31 00:00:00') >= months.watched_until then 1
                else 0
            end
        ) as is_kept,
        max(
            case
                when
                    subscriptions.started_at < months.begins_at
                    and coalesce(subscriptions.cancelled_at, timestamp '9999-12-31 00:00:00') >= months.begins_at then 1
                else 0
            end
        ) as is_running
    from {{ ref('fct_subscriptions') }} as subscriptions
    inner join sampled_customers on subscriptions.customer_key = sampled_customers.customer_key
    cross join months
    group by months.month_number, subscriptions.customer_key
),

orders as (
    select
        months.month_number,
        orders.customer_key,
        count(
            case
                when
                    orders.ordered_at < months.begins_at
                    and orders.ordered_at >= {{ timestamp_add_days('months.begins_at', '-months.lookback_days') }} then 1
            end
        ) as orders_before,
        count(case when orders.ordered_at >= months.ends_at and orders.ordered_at < months.watched_until then 1 end)
            as orders_after
    from {{ ref('fct_orders') }} as orders
    inner join sampled_customers on orders.customer_key = sampled_customers.customer_key
    cross join months
    where orders.gross_cents > 0
    group by months.month_number, orders.customer_key
),

final as (
    select
        months.month_number,
        sampled_customers.customer_key,
        months.ends_at,
        first_complaints.complaint_id,
        sampled_customers.segment,
        coalesce(contracts.is_running, 0) = 1 as has_contract,
        case
            when coalesce(orders.orders_before, 0) <= 1 then cast(coalesce(orders.orders_before, 0) as string)
            when orders.orders_before <= 3 then '2-3'
            else '4+'
        end as order_band,
        case when contracts.is_running = 1 then contracts.is_kept end as is_retained,
        case when orders.orders_after > 0 then 1 else 0 end as has_repurchased
    from sampled_customers
    cross join months
    left join first_complaints
        on sampled_customers.customer_key = first_complaints.customer_key
        and months.month_number = first_complaints.month_number
    left join contracts
        on sampled_customers.customer_key = contracts.customer_key
        and months.month_number = contracts.month_number
    left join orders
        on sampled_customers.customer_key = orders.customer_key
        and months.month_number = orders.month_number
    where coalesce(contracts.is_running, 0) = 1 or coalesce(orders.orders_before, 0) > 0
)

select * from final
