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

product_use as (
    select * from {{ ref('int_survey_drivers__usage') }}
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
        service.tickets_28d,
        service.complaints_90d,
        service.wait_minutes,
        service.wait_over_promise_minutes,
        service.contacts_28d,
        product_use.outage_minutes_28d,
        product_use.usage_minutes_28d,
        contract.price_change_share_90d,
        contract.monthly_price_cents,
        contract.tenure_days
    from responses
    left join about_order on responses.response_id = about_order.response_id
    left join about_ticket on responses.response_id = about_ticket.response_id
    left join service on responses.response_id = service.response_id
    left join product_use on responses.response_id = product_use.response_id
    left join contract on responses.response_id = contract.response_id
)

select * from final
