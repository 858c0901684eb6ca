{#- The ticket itself keeps only its last solution, so the times of solution and reopening come from its events where it
    has any. -#}
with responses as (
    select * from {{ ref('int_survey_drivers__responses') }}
    where customer_key is not null
),

recent_tickets as (
    select
        responses.response_id,
        responses.responded_at,
        tickets.ticket_id,
        tickets.opened_at,
        case when tickets.resolved_at < responses.responded_at then tickets.resolved_at end as resolved_at
    from responses
    inner join {{ ref('fct_tickets') }} as tickets
        on responses.customer_key = tickets.customer_key
        and tickets.opened_at < responses.responded_at
        and tickets.opened_at >= {{ timestamp_add_days('responses.responded_at', -365) }}
),

events as (
    select
        recent_tickets.response_id,
        recent_tickets.ticket_id,
        max(case when ticket_events.event_type = 'resolved' then ticket_events.occurred_at end) as resolved_at,
        max(case when ticket_events.event_type = 'reopened' then ticket_events.occurred_at end) as reopened_at
    from recent_tickets
    inner join {{ ref('int_ticket_events') }} as ticket_events
        on recent_tickets.ticket_id = ticket_events.ticket_id
        and ticket_events.occurred_at < recent_tickets.responded_at
    where ticket_events.event_type in ('resolved', 'reopened')
    group by recent_tickets.response_id, recent_tickets.ticket_id
),

states as (
    select
        recent_tickets.*,
        events.reopened_at,
        coalesce(events.resolved_at, recent_tickets.resolved_at) as last_resolved_at
    from recent_tickets
    left join events
        on recent_tickets.response_id = events.response_id
        and recent_tickets.ticket_id = events.ticket_id
),

tickets as (
    select
        response_id,
        sum(case
            when last_resolved_at is not null and coalesce(reopened_at <= last_resolved_at, true) then 0
            else 1
        end) as open_tickets
    from states
    group by response_id
),

contacts as (
    select
        responses.response_id,
        avg(interactions.wait_seconds) / 60 as wait_minutes,
        sum(greatest(interactions.wait_seconds - interactions.promised_wait_seconds, 0)) / 60 as wait_over_promise_minutes
    from responses
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys
        on responses.customer_key = customer_keys.customer_key
    inner join {{ ref('stg_crm__interactions') }} as interactions
        on customer_keys.customer_id = interactions.customer_id
        and interactions.occurred_at < responses.responded_at
        and interactions.occurred_at >= {{ timestamp_add_days('responses.responded_at', -28) }}
    group by responses.response_id
),

available as (
    select
        (select count(*) from {{ ref('fct_tickets') }}) > 0 as has_tickets,
        (select count(*) from {{ ref('stg_crm__interactions') }}) > 0 as has_contacts
),

final as (
    select
        responses.response_id,
        cast(case when available.has_tickets then coalesce(tickets.open_tickets, 0) end as double) as open_tickets,
        {{ steady('contacts.wait_minutes') }} as wait_minutes,
        {{ steady('case when available.has_contacts then coalesce(contacts.wait_over_promise_minutes, 0) end') }}
            as wait_over_promise_minutes
    from responses
    cross join available
    left join tickets on responses.response_id = tickets.response_id
    left join contacts on responses.response_id = contacts.response_id
)

select * from final
