{#- A recommendation (0-10) is rescaled to 1-5 where satisfaction was not asked. -#}
with texts as (
    select * from {{ ref('int_surveys__texts') }}
    where {{ days_between('occurred_at', as_of_date()) }} <= {{ threshold('text', 'text_window_days') }}
),

responses as (
    select
        'survey' as source,
        response_id,
        employee_id,
        coalesce(csat, cast(round(1 + 4 * nps / 10.0) as bigint)) as own_score
    from {{ ref('fct_survey_responses') }}
),

tickets as (
    select
        'ticket' as source,
        ticket_id,
        employee_id
    from {{ ref('fct_tickets') }}
),

customers as (
    select
        customer_key,
        name
    from {{ ref('dim_customers') }}
    where is_current
),

employees as (
    select
        employee_id,
        name
    from {{ ref('int_employees') }}
),

final as (
    select
        texts.text_id,
        {{ as_of_date() }} as as_of,
        texts.source,
        texts.source_id,
        texts.customer_key,
        texts.occurred_at,
        texts.text,
        {{ hash_key('texts.text') }} as text_hash,
        responses.own_score,
        concat_ws('|', customers.name, employees.name) as known_names
    from texts
    left join responses on texts.source = responses.source and texts.source_id = responses.response_id
    left join tickets on texts.source = tickets.source and texts.source_id = tickets.ticket_id
    left join customers on texts.customer_key = customers.customer_key
    left join employees on coalesce(responses.employee_id, tickets.employee_id) = employees.employee_id
)

select * from final
