with responses as (
    select * from {{ ref('int_survey_drivers__responses') }}
),

about_order as (
    select * from {{ ref('int_survey_drivers__orders') }}
),

about_ticket as (
    select * from {{ ref('int_survey_drivers__tickets') }}
),

service as (
    select * from {{ ref('int_survey_drivers__service') }}
),

memory as (
    select * from {{ ref('int_survey_drivers__memory') }}
),

served as (
    select * from {{ ref('int_survey_drivers__served') }}
),

contract as (
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
        about_order.order_is_late,
        about_order.order_days_late,
        about_order.order_delivery_days,
        about_order.order_line_count,
        about_order.order_value_cents,
        about_order.order_is_refunded,
        about_ticket.ticket_first_response_minutes,
        about_ticket.ticket_resolution_minutes,
        about_ticket.ticket_is_unresolved,
        about_ticket.ticket_reopen_count,
        about_ticket.ticket_handoff_count,
        about_ticket.ticket_promise_is_broken,
        service.open_tickets,
        memory.late_orders_recent,
        memory.tickets_recent,
        memory.missed_solutions_recent,
        memory.slow_answers_recent,
        memory.reopenings_recent,
        memory.contacts_recent,
        memory.long_waits_recent,
        service.wait_minutes,
        service.wait_over_promise_minutes,
        memory.outage_hours_recent,
        memory.price_rise_recent,
        served.team_earlier_score,
        coalesce(served.team_tickets_recent, 0) as team_tickets_recent,
        coalesce(served.team_contacts_recent, 0) as team_contacts_recent,
        served.person_earlier_score,
        coalesce(served.person_tickets_recent, 0) as person_tickets_recent,
        coalesce(served.person_contacts_recent, 0) as person_contacts_recent,
        contract.monthly_price_cents,
        contract.tenure_days
    from responses
    left join about_order on responses.response_id = about_order.response_id
    left join about_ticket on responses.response_id = about_ticket.response_id
    left join service on responses.response_id = service.response_id
    left join memory on responses.response_id = memory.response_id
    left join served on responses.response_id = served.response_id
    left join contract on responses.response_id = contract.response_id
)

select * from final
