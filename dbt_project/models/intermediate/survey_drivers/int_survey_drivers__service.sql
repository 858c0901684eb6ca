{#- Tickets and contacts of the customer before the answer; empty where the company has no such table. -#}
with responses as (
    select * from {{ ref('int_survey_drivers__responses') }}
    where customer_key is not null
),

tickets as (
    select
        responses.response_id,
        sum(case
            when tickets.resolved_at < responses.responded_at then 0
            else 1
        end) as open_tickets,
        {{ sum_within('1', 'tickets.opened_at', 28, 'responses.responded_at') }} as tickets_28d,
        {{ sum_within('case when tickets.is_complaint then 1 end', 'tickets.opened_at', 90, 'responses.responded_at') }}
            as complaints_90d
    from responses
    inner join {{ ref('fct_tickets') }} as tickets
        on responses.customer_key = tickets.customer_key
        and tickets.opened_at < responses.responded_at
        and tickets.opened_at >= {{ timestamp_add_days('responses.responded_at', -365) }}
    group by responses.response_id
),

contacts as (
    select
        responses.response_id,
        count(*) as contacts_28d,
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

present as (
    select
        (select count(*) from {{ ref('fct_tickets') }}) > 0 as has_tickets,
        (select count(*) from {{ ref('stg_crm__interactions') }}) > 0 as has_contacts
),

final as (
    select
        responses.response_id,
        cast(case when present.has_tickets then coalesce(tickets.open_tickets, 0) end as double) as open_tickets,
        cast(case when present.has_tickets then coalesce(tickets.tickets_28d, 0) end as double) as tickets_28d,
        cast(case when present.has_tickets then coalesce(tickets.complaints_90d, 0) end as double) as complaints_90d,
        cast(case when present.has_contacts then coalesce(contacts.contacts_28d, 0) end as double) as contacts_28d,
        {{ steady('contacts.wait_minutes') }} as wait_minutes,
        {{ steady('case when present.has_contacts then coalesce(contacts.wait_over_promise_minutes, 0) end') }}
            as wait_over_promise_minutes
    from responses
    cross join present
    left join tickets on responses.response_id = tickets.response_id
    left join contacts on responses.response_id = contacts.response_id
)

select * from final
