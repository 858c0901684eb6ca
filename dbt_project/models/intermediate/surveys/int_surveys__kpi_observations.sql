{#- Cases of the KPIs that are not measured by surveys. A first-contact resolution counts on the day on which its
    waiting period ends, because it is decided only then. -#}
with tickets as (
    select * from {{ ref('fct_tickets') }}
),

complaints as (
    select * from {{ ref('fct_complaints') }}
),

first_contacts as (
    select * from {{ ref('int_service__first_contact_resolution') }}
    where is_eligible
),

window_length as (
    select {{ threshold('service', 'fcr_window_days') }} as days
),

purchases as (
    select
        customer_key,
        order_date,
        row_number() over (partition by customer_key order by ordered_at, order_id) as purchase_number
    from {{ ref('fct_orders') }}
    where gross_cents > 0 and ordered_at < {{ as_of_timestamp() }}
),

final as (
    select
        'first_contact_resolution' as metric,
        first_contacts.ticket_id as unit_id,
        {{ days_between('first_contacts.resolved_at', as_of_date()) }} - cast(window_length.days as bigint) as days_ago,
        cast(case when first_contacts.is_first_contact_resolved then 1 else 0 end as double) as value
    from first_contacts
    cross join window_length
    union all
    select
        'complaint_resolution_hours' as metric,
        complaint_id as unit_id,
        {{ days_between('solved_at', as_of_date()) }} as days_ago,
        solving_minutes / 60 as value
    from complaints
    where solved_at is not null
    union all
    select
        'first_response_minutes' as metric,
        ticket_id as unit_id,
        {{ days_between('first_response_at', as_of_date()) }} as days_ago,
        first_response_minutes as value
    from tickets
    where first_response_minutes is not null
    union all
    select
        'repeat_purchase_rate' as metric,
        customer_key as unit_id,
        {{ days_between('order_date', as_of_date()) }} as days_ago,
        cast(case when purchase_number >= 2 then 1 else 0 end as double) as value
    from purchases
)

select * from final
