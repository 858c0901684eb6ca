{#- A later ticket of the same customer and category means that the first contact did not solve the problem. -#}
with tickets as (
    select * from {{ ref('fct_tickets') }}
),

window_length as (
    select {{ threshold('service', 'fcr_window_days') }} as days
),

with_next_ticket as (
    select
        ticket_id,
        customer_key,
        category,
        team,
        channel,
        is_resolved,
        reopen_count,
        case when is_resolved then coalesce(resolved_at, closed_at) end as resolved_at,
        lead(opened_at) over (
            partition by customer_key, category order by opened_at, ticket_id
        ) as next_opened_at
    from tickets
),

with_window as (
    select
        with_next_ticket.*,
        {{ timestamp_add_days('with_next_ticket.resolved_at', 'window_length.days') }} as window_ends_at
    from with_next_ticket
    cross join window_length
),

with_eligibility as (
    select
        *,
        coalesce(customer_key is not null and window_ends_at <= {{ as_of_timestamp() }}, false) as is_eligible
    from with_window
),

final as (
    select
        ticket_id,
        customer_key,
        category,
        team,
        channel,
        resolved_at,
        is_eligible,
        case
            when is_eligible
                then reopen_count = 0 and coalesce(next_opened_at > window_ends_at, true)
        end as is_first_contact_resolved
    from with_eligibility
)

select * from final
