{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__tickets', 'ticket_id') }}") }}
{#- The clock of the solution stands still while the desk waits for the customer: from a `waiting` event until whatever happens
    next, at the longest until the solution or the night. -#}
with steps as (
    select
        ticket_id,
        event_id,
        event_type,
        occurred_at,
        lead(occurred_at) over (partition by ticket_id order by event_number) as next_occurred_at
    from {{ ref('int_ticket_events') }}
    {{ filter_to_changed('int_changes__tickets', 'ticket_id') }}
),

stops as (
    select
        ticket_id,
        opened_at,
        case when is_resolved then coalesce(resolved_at, closed_at) else {{ as_of_timestamp() }} end as stopped_at
    from {{ ref('int_service__tickets') }}
),

bounded as (
    select
        steps.event_id,
        steps.ticket_id,
        steps.occurred_at as paused_at,
        least(coalesce(steps.next_occurred_at, stops.stopped_at), stops.stopped_at) as resumed_at,
        policies.calendar
    from steps
    inner join stops on steps.ticket_id = stops.ticket_id
    inner join {{ ref('int_service__ticket_policies') }} as policies on steps.ticket_id = policies.ticket_id
    where steps.event_type = 'waiting'
),

final as (
    select
        bounded.event_id,
        bounded.ticket_id,
        bounded.paused_at,
        bounded.resumed_at,
        {{ steady(seconds_between('bounded.paused_at', 'bounded.resumed_at') ~ ' / 60') }} as paused_minutes,
        {{ business_minutes('bounded.paused_at', 'bounded.resumed_at') }} as paused_business_minutes
    from bounded
    {{ left_join_business_day('start_days', 'bounded.calendar', 'bounded.paused_at') }}
    {{ left_join_business_day('end_days', 'bounded.calendar', 'bounded.resumed_at') }}
    where bounded.resumed_at > bounded.paused_at
)

select * from final
