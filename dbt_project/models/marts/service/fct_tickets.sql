{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__tickets', 'ticket_id') }}") }}
with tickets as (
    select * from {{ ref('int_service__tickets') }}
    {{ filter_to_changed('int_changes__tickets', 'ticket_id') }}
),

policies as (
    select * from {{ ref('int_service__ticket_policies') }}
),

levels as (
    select * from {{ ref('int_service__ticket_levels') }}
),

clocks as (
    select * from {{ ref('int_service__ticket_clocks') }}
),

limits as (
    select {{ threshold('service', 'never_answered_days') }} as never_answered_days
),

timed as (
    select
        tickets.*,
        policies.is_vip,
        policies.lane,
        policies.calendar,
        policies.priority_at_opening,
        policies.priority_at_first_response,
        policies.priority_at_resolution,
        policies.first_response_clock,
        policies.first_response_target_minutes,
        policies.first_response_at_risk_share,
        policies.resolution_clock,
        policies.resolution_target_minutes,
        policies.resolution_at_risk_share,
        levels.response_level,
        levels.called_at as level_called_at,
        levels.answered_at as level_answered_at,
        cast(levels.response_minutes as double) as level_target_minutes,
        clocks.answered_at,
        clocks.solved_at,
        clocks.is_closed_unanswered,
        clocks.response_business_minutes,
        clocks.resolution_business_minutes,
        clocks.paused_minutes,
        clocks.paused_business_minutes,
        clocks.response_minutes as response_elapsed_minutes,
        case when policies.first_response_clock = 'business' then clocks.response_business_minutes else clocks.response_minutes end
            as first_response_clock_minutes,
        case
            when policies.resolution_clock = 'business'
                then clocks.resolution_business_minutes - clocks.paused_business_minutes
            else clocks.resolution_minutes - clocks.paused_minutes
        end as resolution_clock_minutes,
        case when levels.clock = 'business' then clocks.level_business_minutes else clocks.level_minutes end
            as level_clock_minutes,
        clocks.is_level_never_answered
    from tickets
    inner join policies on tickets.ticket_id = policies.ticket_id
    inner join levels on tickets.ticket_id = levels.ticket_id
    inner join clocks on tickets.ticket_id = clocks.ticket_id
),

states as (
    select
        timed.*,
        {{ sla_state(
            'first_response_clock_minutes', 'first_response_target_minutes', 'first_response_at_risk_share',
            'answered_at is not null', 'is_closed_unanswered'
        ) }} as first_response_state,
        {{ sla_state(
            'resolution_clock_minutes', 'resolution_target_minutes', 'resolution_at_risk_share', 'solved_at is not null'
        ) }} as resolution_state,
        {{ sla_state(
            'level_clock_minutes', 'level_target_minutes', 1, 'level_answered_at is not null', 'is_level_never_answered'
        ) }} as level_state,
        is_closed_unanswered
        or (answered_at is null and response_elapsed_minutes > limits.never_answered_days * 1440) as is_never_answered
    from timed
    cross join limits
),

final as (
    select
        ticket_id,
        customer_key,
        opened_at,
        first_response_at,
        resolved_at,
        closed_at,
        promised_at,
        status,
        priority,
        category,
        is_complaint,
        channel,
        product,
        team,
        employee_id,
        language,
        event_count,
        handoff_count,
        reopen_count,
        first_response_minutes,
        resolution_minutes,
        is_resolved,
        reopen_count > 0 as is_reopened,
        is_never_answered,
        is_vip,
        lane,
        calendar,
        priority_at_opening,
        priority_at_first_response,
        priority_at_resolution,
        case when first_response_at is not null then response_business_minutes end as first_response_business_minutes,
        case when solved_at is not null then resolution_business_minutes end as resolution_business_minutes,
        paused_minutes,
        paused_business_minutes,
        first_response_clock,
        cast(first_response_target_minutes as double) as first_response_target_minutes,
        {{ steady('first_response_clock_minutes') }} as first_response_clock_minutes,
        first_response_state,
        coalesce(first_response_state = 'breached', false) as is_first_response_breached,
        resolution_clock,
        cast(resolution_target_minutes as double) as resolution_target_minutes,
        {{ steady('resolution_clock_minutes') }} as resolution_clock_minutes,
        resolution_state,
        coalesce(resolution_state = 'breached', false) as is_resolution_breached,
        coalesce(first_response_state = 'at_risk', false) or coalesce(resolution_state = 'at_risk', false) as is_at_risk,
        response_level,
        level_called_at,
        level_answered_at,
        level_target_minutes,
        {{ steady('level_clock_minutes') }} as level_clock_minutes,
        level_state,
        coalesce(level_state = 'breached', false) as is_level_breached
    from states
)

select * from final
