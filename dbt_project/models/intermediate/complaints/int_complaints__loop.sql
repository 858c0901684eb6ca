{#- Closed loop: received, acknowledged, planned, solved, verified with the customer. -#}
with tickets as (
    select tickets.*
    from {{ ref('fct_tickets') }} as tickets
    inner join {{ ref('int_complaints__cases') }} as cases on tickets.ticket_id = cases.ticket_id
),

events as (
    select
        ticket_id,
        min(case when event_type = 'acknowledged' then occurred_at end) as acknowledged_at,
        min(case when event_type = 'planned' then occurred_at end) as planned_at,
        max(case when event_type = 'verified' then occurred_at end) as verified_at
    from {{ ref('int_ticket_events') }}
    where event_type in ('acknowledged', 'planned', 'verified')
    group by ticket_id
),

solutions as (
    select
        tickets.ticket_id,
        tickets.opened_at as received_at,
        coalesce(events.acknowledged_at, tickets.first_response_at) as acknowledged_at,
        events.planned_at,
        case when tickets.is_resolved then coalesce(tickets.resolved_at, tickets.closed_at) end as solved_at,
        events.verified_at
    from tickets
    left join events on tickets.ticket_id = events.ticket_id
),

limits as (
    select
        {{ threshold('complaints', 'verified_csat_from') }} as verified_csat_from,
        {{ threshold('complaints', 'golden_response_minutes') }} as golden_minutes,
        {{ threshold('complaints', 'plan_minutes') }} as plan_minutes
),

answers as (
    select
        solutions.ticket_id,
        min(case when responses.csat >= limits.verified_csat_from then responses.responded_at end) as satisfied_at
    from solutions
    inner join {{ ref('fct_survey_responses') }} as responses
        on solutions.ticket_id = responses.ticket_id and responses.responded_at >= solutions.solved_at
    cross join limits
    group by solutions.ticket_id
),

timed as (
    select
        solutions.ticket_id,
        solutions.received_at,
        solutions.acknowledged_at,
        solutions.planned_at,
        solutions.solved_at,
        case
            when solutions.verified_at >= solutions.solved_at
                then least(solutions.verified_at, coalesce(answers.satisfied_at, solutions.verified_at))
            else answers.satisfied_at
        end as verified_at,
        {{ seconds_between('solutions.received_at', "coalesce(solutions.acknowledged_at, " ~ as_of_timestamp() ~ ")") }} / 60
            as acknowledging_minutes,
        {{ seconds_between(
            'solutions.received_at',
            "coalesce(least(solutions.planned_at, solutions.solved_at), solutions.planned_at, solutions.solved_at, " ~ as_of_timestamp() ~ ")"
        ) }} / 60 as planning_minutes,
        {{ seconds_between('solutions.received_at', 'solutions.solved_at') }} / 60 as solving_minutes
    from solutions
    left join answers on solutions.ticket_id = answers.ticket_id
),

final as (
    select
        timed.ticket_id,
        timed.received_at,
        timed.acknowledged_at,
        timed.planned_at,
        timed.solved_at,
        timed.verified_at,
        case
            when timed.verified_at is not null then 'verified'
            when timed.solved_at is not null then 'solved'
            when timed.planned_at is not null then 'planned'
            when timed.acknowledged_at is not null then 'acknowledged'
            else 'received'
        end as state,
        {{ steady('timed.acknowledging_minutes') }} as acknowledging_minutes,
        {{ steady('timed.planning_minutes') }} as planning_minutes,
        {{ steady('timed.solving_minutes') }} as solving_minutes,
        timed.acknowledging_minutes > limits.golden_minutes as is_golden_breached,
        timed.planning_minutes > limits.plan_minutes as is_plan_breached,
        timed.acknowledged_at is not null or timed.acknowledging_minutes > limits.golden_minutes as is_golden_decided,
        timed.planned_at is not null or timed.solved_at is not null or timed.planning_minutes > limits.plan_minutes
            as is_plan_decided
    from timed
    cross join limits
)

select * from final
