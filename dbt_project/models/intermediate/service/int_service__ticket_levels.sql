{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__tickets', 'ticket_id') }}") }}
{#- The answer of a level is the first employee action after the event that called the level. -#}
with tickets as (
    select * from {{ ref('int_service__tickets') }}
    {{ filter_to_changed('int_changes__tickets', 'ticket_id') }}
),

levels as (
    select * from {{ ref('response_levels') }}
),

level_calls as (
    select
        tickets.ticket_id,
        levels.response_level,
        levels.level_rank,
        levels.response_minutes,
        levels.clock,
        tickets.opened_at as called_at
    from tickets
    inner join levels on levels.starting_event = 'opened'
    union all
    select
        events.ticket_id,
        levels.response_level,
        levels.level_rank,
        levels.response_minutes,
        levels.clock,
        min(events.occurred_at) as called_at
    from {{ ref('int_ticket_events') }} as events
    inner join levels on events.event_type = levels.starting_event and levels.starting_event != 'opened'
    {{ filter_to_changed('int_changes__tickets', 'events.ticket_id') }}
    group by events.ticket_id, levels.response_level, levels.level_rank, levels.response_minutes, levels.clock
),

ranked as {{ materialized() }} (
    select
        *,
        row_number() over (partition by ticket_id order by level_rank desc) as reached_rank
    from level_calls
),

highest as (
    select ranked.*
    from ranked
    inner join tickets on ranked.ticket_id = tickets.ticket_id
    where ranked.reached_rank = 1
),

answers as (
    select
        highest.ticket_id,
        min(events.occurred_at) as answered_at
    from highest
    inner join {{ ref('int_ticket_events') }} as events
        on highest.ticket_id = events.ticket_id and events.occurred_at > highest.called_at
    where events.event_type in ('assigned', 'responded', 'resolved') and events.employee_id is not null
    group by highest.ticket_id
),

final as (
    select
        highest.ticket_id,
        highest.response_level,
        highest.called_at,
        case
            when highest.level_rank = 1 then coalesce(tickets.first_response_at, answers.answered_at, tickets.resolved_at)
            else coalesce(answers.answered_at, case when tickets.resolved_at > highest.called_at then tickets.resolved_at end)
        end as answered_at,
        tickets.closed_at,
        highest.response_minutes,
        highest.clock,
        policies.calendar
    from highest
    inner join tickets on highest.ticket_id = tickets.ticket_id
    inner join {{ ref('int_service__ticket_policies') }} as policies on highest.ticket_id = policies.ticket_id
    left join answers on highest.ticket_id = answers.ticket_id
)

select * from final
