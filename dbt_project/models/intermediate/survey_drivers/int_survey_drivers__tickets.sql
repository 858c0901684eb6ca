with responses as (
    select * from {{ ref('int_survey_drivers__responses') }}
    where ticket_id is not null
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

events as (
    select
        responses.response_id,
        min(case when ticket_events.event_type = 'resolved' then ticket_events.occurred_at end) as first_resolved_at,
        max(case when ticket_events.event_type = 'resolved' then ticket_events.occurred_at end) as resolved_at,
        max(case when ticket_events.event_type = 'reopened' then ticket_events.occurred_at end) as reopened_at,
        sum(case when ticket_events.event_type = 'reopened' then 1 else 0 end) as reopen_count,
        sum(case when ticket_events.handler != ticket_events.previous_handler then 1 else 0 end) as handoff_count
    from responses
    inner join {{ ref('int_ticket_events') }} as ticket_events
        on responses.ticket_id = ticket_events.ticket_id
        and ticket_events.occurred_at < responses.responded_at
    group by responses.response_id
),

tickets_at_response as (
    select
        responses.response_id,
        responses.responded_at,
        tickets.opened_at,
        tickets.promised_at,
        coalesce(tickets.paused_minutes, 0) as paused_minutes,
        case when tickets.first_response_at < responses.responded_at then tickets.first_response_at else responses.responded_at end
            as answered_at,
        coalesce(events.resolved_at, case when tickets.resolved_at < responses.responded_at then tickets.resolved_at end)
            as resolved_at,
        coalesce(events.first_resolved_at, case when tickets.resolved_at < responses.responded_at then tickets.resolved_at end)
            as first_resolved_at,
        events.reopened_at,
        coalesce(events.reopen_count, 0) as reopen_count,
        coalesce(events.handoff_count, 0) as handoff_count
    from responses
    inner join tickets on responses.ticket_id = tickets.ticket_id
    left join events on responses.response_id = events.response_id
    where tickets.opened_at < responses.responded_at
),

with_solution as (
    select
        *,
        case when coalesce(reopened_at <= resolved_at, true) then resolved_at end as solved_at
    from tickets_at_response
),

final as (
    select
        response_id,
        {{ steady(seconds_between('opened_at', 'answered_at') ~ ' / 60') }} as ticket_first_response_minutes,
        {{ steady(seconds_between(
            'opened_at',
            'least(coalesce(first_resolved_at, responded_at), coalesce(promised_at, first_resolved_at, responded_at))'
        ) ~ ' / 60') }} as ticket_resolution_minutes,
        cast(case when solved_at is null then 1 else 0 end as double) as ticket_is_unresolved,
        cast(reopen_count as double) as ticket_reopen_count,
        cast(handoff_count as double) as ticket_handoff_count,
        cast(case
            when {{ seconds_between('promised_at', 'coalesce(first_resolved_at, responded_at)') }} > 60 * paused_minutes then 1
            when promised_at is not null then 0
        end as double) as ticket_promise_is_broken
    from with_solution
)

select * from final
