{#- A later ticket of the same customer on the same category says that the first contact did not solve it. -#}
with tickets as (
    select * from {{ ref('fct_tickets') }}
),

window_length as (
    select {{ threshold('service', 'fcr_window_days') }} as days
),

followed as (
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

windowed as (
    select
        followed.*,
        {{ timestamp_add_days('followed.resolved_at', 'window_length.days') }} as window_ends_at
    from followed
    cross join window_length
),

judged as (
    select
        *,
        coalesce(customer_key is not null and window_ends_at <= {{ as_of_timestamp() }}, false) as is_eligible
    from windowed
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
    from judged
)

select * from final
