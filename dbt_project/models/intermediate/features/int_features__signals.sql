{#- Contacts in the next days are explained by events of the last days, whereas the other feature groups look back over
    weeks. A signal is empty where the company does not have its table. -#}
with snapshots as (
    select * from {{ ref('int_features__snapshots') }}
),

spine as (
    select * from {{ ref('int_features__customers') }}
),

available as (
    select
        (select count(*) from {{ ref('fct_tickets') }}) > 0 as has_tickets,
        (select count(*) from {{ ref('stg_crm__interactions') }}) > 0 as has_contacts,
        (select count(outage_minutes) from {{ ref('stg_crm__usage_daily') }}) > 0 as has_usage,
        (select count(promised_at) from {{ ref('fct_orders') }}) > 0 as has_promises
),

tickets as (
    select
        tickets.customer_key,
        snapshots.as_of,
        {{ sum_within('1', 'tickets.opened_at', 7) }} as tickets_7d,
        {{ sum_within('case when tickets.is_complaint then 1 end', 'tickets.opened_at', 28) }} as complaints_28d,
        sum(case when tickets.first_response_at < cast(snapshots.as_of as timestamp) then 0 else 1 end) as unanswered_tickets,
        {{ value_at_max('tickets.category', event_order('tickets.opened_at', 'tickets.ticket_id')) }} as last_ticket_category
    from {{ ref('fct_tickets') }} as tickets
    inner join snapshots
        on tickets.opened_at < cast(snapshots.as_of as timestamp)
        and tickets.opened_at >= {{ timestamp_add_days('snapshots.as_of', -90) }}
    where tickets.customer_key is not null
    group by tickets.customer_key, snapshots.as_of
),

contacts as (
    select
        customer_keys.customer_key,
        snapshots.as_of,
        count(*) as contacts_7d
    from {{ ref('stg_crm__interactions') }} as interactions
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys
        on interactions.customer_id = customer_keys.customer_id
    inner join snapshots
        on interactions.occurred_at < cast(snapshots.as_of as timestamp)
        and interactions.occurred_at >= {{ timestamp_add_days('snapshots.as_of', -7) }}
    group by customer_keys.customer_key, snapshots.as_of
),

outages as (
    select
        customer_keys.customer_key,
        snapshots.as_of,
        sum(usage.outage_minutes) as outage_minutes_7d,
        max(usage.usage_date >= {{ add_days('snapshots.as_of', -2) }}) as has_outage_2d
    from {{ ref('stg_crm__usage_daily') }} as usage
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys
        on usage.customer_id = customer_keys.customer_id
    inner join snapshots
        on usage.usage_date < snapshots.as_of
        and usage.usage_date >= {{ add_days('snapshots.as_of', -7) }}
    where usage.outage_minutes > 0
    group by customer_keys.customer_key, snapshots.as_of
),

overdue_orders as (
    select
        orders.customer_key,
        snapshots.as_of,
        count(*) as overdue_orders
    from {{ ref('fct_orders') }} as orders
    inner join snapshots
        on orders.promised_at < cast(snapshots.as_of as timestamp)
        and orders.promised_at >= {{ timestamp_add_days('snapshots.as_of', -28) }}
        and coalesce(orders.delivered_at >= cast(snapshots.as_of as timestamp), true)
    where orders.customer_key is not null
    group by orders.customer_key, snapshots.as_of
),

joined as (
    select
        spine.customer_key,
        spine.as_of,
        available.has_usage,
        avg(case when outages.has_outage_2d then 1.0 else 0.0 end) over (partition by spine.as_of, spine.region) as region_share,
        case when available.has_tickets then coalesce(tickets.tickets_7d, 0) end as tickets_7d,
        case when available.has_tickets then coalesce(tickets.complaints_28d, 0) end as complaints_28d,
        case when available.has_tickets then coalesce(tickets.unanswered_tickets, 0) end as unanswered_tickets,
        tickets.last_ticket_category,
        case when available.has_contacts then coalesce(contacts.contacts_7d, 0) end as contacts_7d,
        case when available.has_usage then coalesce(outages.outage_minutes_7d, 0) end as outage_minutes_7d,
        case when available.has_promises then coalesce(overdue_orders.overdue_orders, 0) end as overdue_orders
    from spine
    cross join available
    left join tickets on spine.customer_key = tickets.customer_key and spine.as_of = tickets.as_of
    left join contacts on spine.customer_key = contacts.customer_key and spine.as_of = contacts.as_of
    left join outages on spine.customer_key = outages.customer_key and spine.as_of = outages.as_of
    left join overdue_orders on spine.customer_key = overdue_orders.customer_key and spine.as_of = overdue_orders.as_of
),

final as (
    select
        customer_key,
        as_of,
        cast(tickets_7d as double) as tickets_7d,
        cast(complaints_28d as double) as complaints_28d,
        cast(unanswered_tickets as double) as unanswered_tickets,
        last_ticket_category,
        cast(contacts_7d as double) as contacts_7d,
        {{ steady('outage_minutes_7d') }} as outage_minutes_7d,
        case when has_usage then {{ steady('region_share') }} end as region_outage_share_2d,
        cast(overdue_orders as double) as overdue_orders
    from joined
)

select * from final
