{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__tickets', 'ticket_id') }}") }}
{#- Many desks do not record a reopened event, so new work on a resolved or closed ticket also counts as reopening. -#}
{%- set work = "'assigned', 'responded', 'waiting', 'escalated', 'dispatched'" -%}
with tickets as (
    select * from {{ ref('stg_ticket__tickets') }}
    {{ filter_to_changed('int_changes__tickets', 'ticket_id') }}
),

phases as (
    select
        ticket_id,
        occurred_at,
        event_type,
        lag(event_type) over (partition by ticket_id order by event_number) as previous_type
    from {{ ref('int_ticket_events') }}
    where event_type in ('resolved', 'closed', 'reopened', {{ work }})
    {{ filter_to_changed('int_changes__tickets', 'ticket_id', begin='and') }}
),

reopenings as (
    select
        ticket_id,
        max(occurred_at) as last_reopened_at,
        count(*) as reopen_count
    from phases
    where
        event_type = 'reopened'
        or (event_type in ({{ work }}) and previous_type in ('resolved', 'closed'))
    group by ticket_id
),

events as (
    select
        ticket_id,
        min(occurred_at) as first_event_at,
        min(case when event_type in ('assigned', 'responded') and employee_id is not null then occurred_at end)
            as first_handled_at,
        min(case when event_type = 'responded' then occurred_at end) as first_responded_at,
        max(case when event_type = 'resolved' then occurred_at end) as last_resolved_at,
        max(case when event_type = 'closed' then occurred_at end) as last_closed_at,
        count(*) as event_count,
        sum(case when handler != previous_handler then 1 else 0 end) as handoff_count
    from {{ ref('int_ticket_events') }}
    {{ filter_to_changed('int_changes__tickets', 'ticket_id') }}
    group by ticket_id
),

with_times as (
    select
        tickets.*,
        coalesce(least(tickets.opened_at, events.first_event_at), tickets.opened_at) as first_opened_at,
        {{ known_by_night('coalesce(tickets.first_response_at, events.first_responded_at, events.first_handled_at)') }}
            as answered_at,
        reopenings.last_reopened_at,
        {{ known_by_night('coalesce(tickets.resolved_at, events.last_resolved_at)') }} as solved_at,
        {{ known_by_night('coalesce(tickets.closed_at, events.last_closed_at)') }} as shut_at,
        coalesce(events.event_count, 0) as event_count,
        coalesce(reopenings.reopen_count, 0) as reopen_count,
        coalesce(events.handoff_count, 0) as handoff_count
    from tickets
    left join events on tickets.ticket_id = events.ticket_id
    left join reopenings on tickets.ticket_id = reopenings.ticket_id
),

identified as (
    select
        with_times.*,
        {{ normal_email('with_times.email') }} as normal_email,
        {{ normal_phone('with_times.phone') }} as normal_phone
    from with_times
    where with_times.first_opened_at < {{ as_of_timestamp() }}
),

final as (
    select
        identified.ticket_id,
        coalesce(by_id.customer_key, by_email.customer_key, by_phone.customer_key) as customer_key,
        identified.first_opened_at as opened_at,
        identified.answered_at as first_response_at,
        identified.solved_at as resolved_at,
        identified.shut_at as closed_at,
        identified.promised_at,
        identified.status,
        identified.priority,
        identified.category,
        coalesce(identified.is_complaint, false) as is_complaint,
        identified.channel,
        identified.product,
        identified.team,
        identified.employee_id,
        identified.language,
        cast(identified.event_count as bigint) as event_count,
        cast(identified.handoff_count as bigint) as handoff_count,
        cast(identified.reopen_count as bigint) as reopen_count,
        {{ seconds_between('identified.first_opened_at', 'identified.answered_at') }} / 60 as first_response_minutes,
        {{ seconds_between('identified.first_opened_at', 'identified.solved_at') }} / 60 as resolution_minutes,
        coalesce(identified.solved_at, identified.shut_at) is not null
        and coalesce(
            greatest(identified.solved_at, identified.shut_at), identified.solved_at, identified.shut_at
        ) >= coalesce(identified.last_reopened_at, identified.first_opened_at) as is_resolved
    from identified
    {{ left_join_identifier('by_id', 'customer_id', 'identified.customer_id') }}
    {{ left_join_identifier('by_email', 'email', 'identified.normal_email', at='identified.first_opened_at') }}
    {{ left_join_identifier('by_phone', 'phone', 'identified.normal_phone', at='identified.first_opened_at') }}
)

select * from final
