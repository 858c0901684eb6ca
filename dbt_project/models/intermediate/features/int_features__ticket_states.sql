{#- The ticket itself keeps only its last solution, so the times of solution and reopening come from its events where it
    has any. -#}
with snapshots as (
    select * from {{ ref('int_features__snapshots') }}
),

tickets as (
    select * from {{ ref('fct_tickets') }}
    where customer_key is not null
),

events as (
    select
        ticket_events.ticket_id,
        snapshots.as_of,
        max(case when ticket_events.event_type = 'resolved' then ticket_events.occurred_at end) as resolved_at,
        max(case when ticket_events.event_type = 'reopened' then ticket_events.occurred_at end) as reopened_at
    from {{ ref('int_ticket_events') }} as ticket_events
    inner join snapshots
        on ticket_events.occurred_at < cast(snapshots.as_of as timestamp)
        and ticket_events.occurred_at >= {{ timestamp_add_days('snapshots.as_of', -365) }}
    where ticket_events.event_type in ('resolved', 'reopened')
    group by ticket_events.ticket_id, snapshots.as_of
),

at_snapshot as (
    select
        tickets.ticket_id,
        tickets.customer_key,
        snapshots.as_of,
        tickets.opened_at,
        tickets.is_complaint,
        tickets.promised_at,
        cast(snapshots.as_of as timestamp) as snapshot_at,
        case when tickets.first_response_at < cast(snapshots.as_of as timestamp) then tickets.first_response_at end
            as first_response_at,
        coalesce(events.resolved_at, case when tickets.resolved_at < cast(snapshots.as_of as timestamp) then tickets.resolved_at end)
            as last_resolved_at,
        events.reopened_at
    from tickets
    inner join snapshots
        on tickets.opened_at < cast(snapshots.as_of as timestamp)
        and tickets.opened_at >= {{ timestamp_add_days('snapshots.as_of', -365) }}
    left join events
        on tickets.ticket_id = events.ticket_id
        and snapshots.as_of = events.as_of
),

with_solution_time as (
    select
        *,
        case
            when coalesce(reopened_at <= last_resolved_at, true) then coalesce(last_resolved_at, snapshot_at)
            else snapshot_at
        end as settled_at
    from at_snapshot
),

final as (
    select
        ticket_id,
        customer_key,
        as_of,
        opened_at,
        cast(opened_at as date) as opened_date,
        coalesce(is_complaint, false) as is_complaint,
        reopened_at is not null as is_reopened,
        last_resolved_at is not null and coalesce(reopened_at <= last_resolved_at, true) as is_resolved,
        {{ seconds_between('opened_at', 'coalesce(first_response_at, snapshot_at)') }} / 60 as first_response_minutes,
        {{ seconds_between('opened_at', 'settled_at') }} / 60 as resolution_minutes,
        promised_at < snapshot_at and coalesce(promised_at < last_resolved_at, true) as is_promise_broken
    from with_solution_time
)

select * from final
