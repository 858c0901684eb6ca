{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__tickets', 'ticket_id') }}") }}
{#- The clocks of a ticket, stopped or still running tonight. The first answer stops the one, the solution the other; where a
    solution came without an answer, it was the answer. -#}
with tickets as (
    select
        ticket_id,
        opened_at,
        coalesce(first_response_at, resolved_at) as answered_at,
        coalesce(first_response_at, resolved_at, closed_at, {{ as_of_timestamp() }}) as response_stopped_at,
        case when is_resolved then coalesce(resolved_at, closed_at) end as solved_at,
        case when is_resolved then coalesce(resolved_at, closed_at) else {{ as_of_timestamp() }} end
            as resolution_stopped_at,
        closed_at
    from {{ ref('int_service__tickets') }}
    {{ filter_to_changed('int_changes__tickets', 'ticket_id') }}
),

pauses as (
    select
        ticket_id,
        sum(paused_minutes) as paused_minutes,
        sum(paused_business_minutes) as paused_business_minutes
    from {{ ref('int_service__ticket_pauses') }}
    group by ticket_id
),

measured as (
    select
        tickets.*,
        policies.calendar,
        levels.called_at as level_called_at,
        levels.answered_at as level_answered_at,
        levels.closed_at is not null and levels.answered_at is null as is_level_never_answered,
        coalesce(levels.answered_at, levels.closed_at, {{ as_of_timestamp() }}) as level_stopped_at,
        coalesce(pauses.paused_minutes, 0) as paused_minutes,
        coalesce(pauses.paused_business_minutes, 0) as paused_business_minutes
    from tickets
    inner join {{ ref('int_service__ticket_policies') }} as policies on tickets.ticket_id = policies.ticket_id
    inner join {{ ref('int_service__ticket_levels') }} as levels on tickets.ticket_id = levels.ticket_id
    left join pauses on tickets.ticket_id = pauses.ticket_id
),

final as (
    select
        measured.ticket_id,
        measured.answered_at,
        measured.solved_at,
        measured.answered_at is null and measured.closed_at is not null as is_closed_unanswered,
        measured.level_answered_at,
        measured.is_level_never_answered,
        {{ steady(seconds_between('measured.opened_at', 'measured.response_stopped_at') ~ ' / 60') }} as response_minutes,
        {{ business_minutes('measured.opened_at', 'measured.response_stopped_at', 'opened_days', 'response_days') }}
            as response_business_minutes,
        {{ steady(seconds_between('measured.opened_at', 'measured.resolution_stopped_at') ~ ' / 60') }} as resolution_minutes,
        {{ business_minutes('measured.opened_at', 'measured.resolution_stopped_at', 'opened_days', 'resolution_days') }}
            as resolution_business_minutes,
        {{ steady('measured.paused_minutes') }} as paused_minutes,
        {{ steady('measured.paused_business_minutes') }} as paused_business_minutes,
        {{ steady(seconds_between('measured.level_called_at', 'measured.level_stopped_at') ~ ' / 60') }} as level_minutes,
        {{ business_minutes('measured.level_called_at', 'measured.level_stopped_at', 'called_days', 'level_days') }}
            as level_business_minutes
    from measured
    {{ left_join_business_day('opened_days', 'measured.calendar', 'measured.opened_at') }}
    {{ left_join_business_day('response_days', 'measured.calendar', 'measured.response_stopped_at') }}
    {{ left_join_business_day('resolution_days', 'measured.calendar', 'measured.resolution_stopped_at') }}
    {{ left_join_business_day('called_days', 'measured.calendar', 'measured.level_called_at') }}
    {{ left_join_business_day('level_days', 'measured.calendar', 'measured.level_stopped_at') }}
)

select * from final
