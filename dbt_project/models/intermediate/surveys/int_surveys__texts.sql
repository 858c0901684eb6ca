{{ config(materialized='incremental', pre_hook="{{ delete_changed_records(text_entity('kept'), 'source_id') }}") }}
with tickets as (
    select
        ticket_id,
        concat_ws(' ', subject, text) as text
    from {{ ref('stg_ticket__tickets') }}
),

opened_tickets as (
    select
        ticket_id,
        customer_key,
        opened_at
    from {{ ref('fct_tickets') }}
    {{ filter_to_changed_records('ticket', 'ticket_id') }}
),

replies as (
    select
        ticket_events.event_id,
        opened_tickets.customer_key,
        ticket_events.ticket_id,
        ticket_events.occurred_at,
        ticket_events.text
    from {{ ref('stg_ticket__ticket_events') }} as ticket_events
    inner join opened_tickets on ticket_events.ticket_id = opened_tickets.ticket_id
    where ticket_events.event_type in ('opened', 'customer_replied', 'reopened')
),

mentions as (
    select * from {{ ref('int_timeline__mentions') }}
    {{ filter_to_changed_records('mention', 'source_id') }}
),

contacts as (
    select * from {{ ref('int_timeline__contacts') }}
    where event_type = 'contact' and actor = 'customer' {{ and_changed_records("'contact'", 'source_id') }}
),

all_texts as (
    select
        'survey' as source,
        response_id as source_id,
        concat('survey:', response_id) as text_id,
        customer_key,
        responded_at as occurred_at,
        comment as text
    from {{ ref('fct_survey_responses') }}
    {{ filter_to_changed_records('response', 'response_id') }}
    union all
    select
        'ticket' as source,
        opened_tickets.ticket_id as source_id,
        concat('ticket:', opened_tickets.ticket_id) as text_id,
        opened_tickets.customer_key,
        opened_tickets.opened_at as occurred_at,
        tickets.text
    from opened_tickets
    inner join tickets on opened_tickets.ticket_id = tickets.ticket_id
    union all
    select
        'ticket' as source,
        ticket_id as source_id,
        concat('ticket_event:', event_id) as text_id,
        customer_key,
        occurred_at,
        text
    from replies
    union all
    select
        'social' as source,
        source_id,
        concat('social:', source_id) as text_id,
        customer_key,
        occurred_at,
        text
    from mentions
    union all
    select
        'contact' as source,
        source_id,
        concat('contact:', source_id) as text_id,
        customer_key,
        occurred_at,
        text
    from contacts
),

final as (
    select
        source,
        source_id,
        text_id,
        customer_key,
        occurred_at,
        text
    from all_texts
    where occurred_at < {{ as_of_timestamp() }} and trim(text) != ''
)

select * from final
