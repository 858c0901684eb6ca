with complaints as (
    select * from {{ ref('int_complaints__cases') }}
),

contracts as (
    select
        complaints.ticket_id,
        sum(versions.monthly_price_cents) * 12 as yearly_price_cents
    from complaints
    inner join {{ ref('int_subscription_versions') }} as versions
        on complaints.customer_key = versions.customer_key
        and complaints.received_at >= versions.valid_from
        and complaints.received_at < coalesce(versions.valid_to, timestamp '9999-12-31 00:00:00')
    where
        complaints.received_at >= versions.started_at
        and complaints.received_at < coalesce(versions.cancelled_at, timestamp '9999-12-31 00:00:00')
    group by complaints.ticket_id
),

orders as (
    select
        complaints.ticket_id,
        sum(orders.net_cents) as yearly_net_cents
    from complaints
    inner join {{ ref('fct_orders') }} as orders
        on complaints.customer_key = orders.customer_key
        and orders.ordered_at < complaints.received_at
        and orders.ordered_at >= {{ timestamp_add_days('complaints.received_at', -365) }}
    group by complaints.ticket_id
),

final as (
    select
        complaints.ticket_id,
        greatest(coalesce(contracts.yearly_price_cents, 0) + coalesce(orders.yearly_net_cents, 0), 0) as value_cents
    from complaints
    left join contracts on complaints.ticket_id = contracts.ticket_id
    left join orders on complaints.ticket_id = orders.ticket_id
)

select * from final
