{#- Who served whom: the employee an answer is about, and those of the customer's earlier tickets and contacts, fading by
    half every `satisfaction_memory_half_life_days`. -#}
with responses as (
    select * from {{ ref('int_survey_drivers__responses') }}
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

contacts as (
    select * from {{ ref('stg_crm__interactions') }}
),

customer_keys as (
    select * from {{ ref('int_identity__customer_keys') }}
),

employees as (
    select
        employee_id,
        team
    from {{ ref('int_employees') }}
),

served as (
    select
        customer_key,
        'ticket' as kind,
        ticket_id as subject_id,
        resolved_at as served_at,
        employee_id,
        team
    from tickets
    union all
    select
        customer_keys.customer_key,
        'contact' as kind,
        contacts.interaction_id as subject_id,
        contacts.occurred_at as served_at,
        contacts.employee_id,
        cast(null as string) as team
    from contacts
    inner join customer_keys on contacts.customer_id = customer_keys.customer_id
),

remembered as (
    select
        responses.response_id,
        responses.responded_at,
        served.kind,
        served.subject_id,
        served.employee_id,
        coalesce(employees.team, served.team) as team,
        power(
            0.5,
            {{ seconds_between('served.served_at', 'responses.responded_at') }}
            / 86400.0 / {{ var('satisfaction_memory_half_life_days') }}
        ) as weight
    from responses
    inner join served
        on responses.customer_key = served.customer_key
        and served.served_at < responses.responded_at
        and served.served_at >= {{ timestamp_add_days('responses.responded_at', -365) }}
    left join employees on served.employee_id = employees.employee_id
    where coalesce(responses.ticket_id != served.subject_id, true)
),

unioned as (
    select
        response_id,
        responded_at,
        'answered_about' as kind,
        response_id as subject_id,
        employee_id,
        team,
        1.0 as weight
    from responses
    union all
    select * from remembered
),

final as (
    select
        response_id,
        responded_at,
        kind,
        subject_id,
        employee_id,
        team,
        {{ steady('weight') }} as weight
    from unioned
    where employee_id is not null
)

select * from final
