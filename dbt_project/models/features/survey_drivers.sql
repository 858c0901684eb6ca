with responses as (
    select * from {{ ref('int_survey_drivers__responses') }}
),

orders as (
    select * from {{ ref('int_survey_drivers__orders') }}
),

tickets as (
    select * from {{ ref('int_survey_drivers__tickets') }}
),

service as (
    select * from {{ ref('int_survey_drivers__service') }}
),

decayed_events as (
    select * from {{ ref('int_survey_drivers__decayed_events') }}
),

employee_scores as (
    select * from {{ ref('int_survey_drivers__employee_scores') }}
),

contracts as (
    select * from {{ ref('int_survey_drivers__contracts') }}
),

final as (
    select
        responses.response_id,
        responses.customer_key,
        {{ as_of_date() }} as as_of,
        responses.responded_at,
        cast(responses.csat as double) as csat,
        cast(responses.nps as double) as nps,
        cast(responses.ces as double) as ces,
        responses.touchpoint,
        responses.channel,
        responses.segment,
        responses.region,
        responses.team,
        orders.order_is_late,
        orders.order_days_late,
        orders.order_delivery_days,
        orders.order_line_count,
        orders.order_value_cents,
        orders.order_is_refunded,
        tickets.ticket_first_response_minutes,
        tickets.ticket_resolution_minutes,
        tickets.ticket_is_unresolved,
        tickets.ticket_reopen_count,
        tickets.ticket_handoff_count,
        tickets.ticket_promise_is_broken,
        service.open_tickets,
        decayed_events.late_orders_recent,
        decayed_events.tickets_recent,
        decayed_events.missed_solutions_recent,
        decayed_events.slow_answers_recent,
        decayed_events.reopenings_recent,
        decayed_events.contacts_recent,
        decayed_events.long_waits_recent,
        service.wait_minutes,
        service.wait_over_promise_minutes,
        decayed_events.outage_hours_recent,
        decayed_events.price_rise_recent,
        employee_scores.team_earlier_score,
        coalesce(employee_scores.team_tickets_recent, 0) as team_tickets_recent,
        coalesce(employee_scores.team_contacts_recent, 0) as team_contacts_recent,
        employee_scores.person_earlier_score,
        coalesce(employee_scores.person_tickets_recent, 0) as person_tickets_recent,
        coalesce(employee_scores.person_contacts_recent, 0) as person_contacts_recent,
        contracts.monthly_price_cents,
        contracts.tenure_days
    from responses
    left join orders on responses.response_id = orders.response_id
    left join tickets on responses.response_id = tickets.response_id
    left join service on responses.response_id = service.response_id
    left join decayed_events on responses.response_id = decayed_events.response_id
    left join employee_scores on responses.response_id = employee_scores.response_id
    left join contracts on responses.response_id = contracts.response_id
)

select * from final
