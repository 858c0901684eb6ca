{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__tickets', 'ticket_id') }}") }}
{#- The first response stops one clock, the solution the other. A solution without an earlier response counts as the
    response. -#}
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

with_stop_times as (
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
        with_stop_times.ticket_id,
        with_stop_times.answered_at,
        with_stop_times.solved_at,
        with_stop_times.answered_at is null and with_stop_times.closed_at is not null as is_closed_unanswered,
        with_stop_times.level_answered_at,
        with_stop_times.is_level_never_answered,
        {{ steady(seconds_between('with_stop_times.opened_at', 'with_stop_times.response_stopped_at') ~ ' / 60') }} as response_minutes,
        {{ business_minutes('with_stop_times.opened_at', 'with_stop_times.response_stopped_at', 'opened_days', 'response_days') }}
            as response_business_minutes,
        {{ steady(seconds_between('with_stop_times.opened_at', 'with_stop_times.resolution_stopped_at') ~ ' / 60') }} as resolution_minutes,
        {{ business_minutes('with_stop_times.opened_at', 'with_stop_times.resolution_stopped_at', 'opened_days', 'resolution_days') }}
            as resolution_business_minutes,
        {{ steady('with_stop_times.paused_minutes') }} as paused_minutes,
        {{ steady('with_stop_times.paused_business_minutes') }} as paused_business_minutes,
        {{ steady(seconds_between('with_stop_times.level_called_at', 'with_stop_times.level_stopped_at') ~ ' / 60') }} as level_minutes,
        {{ business_minutes('with_stop_times.level_called_at', 'with_stop_times.level_stopped_at', 'called_days', 'level_days') }}
            as level_business_minutes
    from with_stop_times
    {{ left_join_business_day('opened_days', 'with_stop_times.calendar', 'with_stop_times.opened_at') }}
    {{ left_join_business_day('response_days', 'with_stop_times.calendar', 'with_stop_times.response_stopped_at') }}
    {{ left_join_business_day('resolution_days', 'with_stop_times.calendar', 'with_stop_times.resolution_stopped_at') }}
    {{ left_join_business_day('called_days', 'with_stop_times.calendar', 'with_stop_times.level_called_at') }}
    {{ left_join_business_day('level_days', 'with_stop_times.calendar', 'with_stop_times.level_stopped_at') }}
)

select * from final
