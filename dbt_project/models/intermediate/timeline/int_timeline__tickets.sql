{{ config(materialized='view') }}
with tickets as (
    select * from {{ ref('fct_tickets') }}
    {{ filter_to_changed_records('ticket', 'ticket_id') }}
),

messages as (
    select
        ticket_id,
        text as first_message
    from {{ ref('stg_ticket__tickets') }}
),

opened_tickets as (
    select
        tickets.*,
        messages.first_message
    from tickets
    left join messages on tickets.ticket_id = messages.ticket_id
),

events as (
    select
        events.*,
        tickets.customer_key,
        tickets.channel
    from {{ ref('int_ticket_events') }} as events
    inner join tickets on events.ticket_id = tickets.ticket_id
),

opened as (
    select
        customer_key,
        opened_at as occurred_at,
        case when is_complaint then 'complaint_opened' else 'ticket_opened' end as event_type,
        'ticket' as source,
        ticket_id as source_id,
        channel,
        'support' as touchpoint,
        'customer' as actor,
        first_message as text,
        resolution_minutes * 60 as duration_seconds,
        cast(null as double) as promised_wait_seconds,
        first_response_minutes * 60 as actual_wait_seconds,
        cast(null as double) as amount_cents,
        cast(null as double) as score
    from opened_tickets
),

handled as (
    select
        customer_key,
        occurred_at,
        concat('ticket_', event_type) as event_type,
        'ticket' as source,
        event_id as source_id,
        channel,
        'support' as touchpoint,
        case when event_type in ('customer_replied', 'reopened') then 'customer' else 'employee' end as actor,
        text,
        cast(null as double) as duration_seconds,
        cast(null as double) as promised_wait_seconds,
        cast(null as double) as actual_wait_seconds,
        cast(null as double) as amount_cents,
        cast(null as double) as score
    from events
    where event_type != 'opened'
),

final as (
    select * from opened
    union all
    select * from handled
)

select * from final
