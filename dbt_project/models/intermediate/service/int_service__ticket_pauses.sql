{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__tickets', 'ticket_id') }}") }}
{#- The solution clock is paused while the desk waits for the customer. -#}
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

pauses as (
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
        pauses.event_id,
        pauses.ticket_id,
        pauses.paused_at,
        pauses.resumed_at,
        {{ steady(seconds_between('pauses.paused_at', 'pauses.resumed_at') ~ ' / 60') }} as paused_minutes,
        {{ business_minutes('pauses.paused_at', 'pauses.resumed_at') }} as paused_business_minutes
    from pauses
    {{ left_join_business_day('start_days', 'pauses.calendar', 'pauses.paused_at') }}
    {{ left_join_business_day('end_days', 'pauses.calendar', 'pauses.resumed_at') }}
    where pauses.resumed_at > pauses.paused_at
)

select * from final
