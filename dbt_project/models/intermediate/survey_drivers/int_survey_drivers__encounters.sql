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

earlier_encounters as (
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

weighted_encounters as (
    select
        responses.response_id,
        responses.responded_at,
        earlier_encounters.kind,
        earlier_encounters.subject_id,
        earlier_encounters.employee_id,
        coalesce(employees.team, earlier_encounters.team) as team,
        power(
            0.5,
            {{ seconds_between('earlier_encounters.served_at', 'responses.responded_at') }}
            / 86400.0 / {{ var('satisfaction_memory_half_life_days') }}
        ) as weight
    from responses
    inner join earlier_encounters
        on responses.customer_key = earlier_encounters.customer_key
        and earlier_encounters.served_at < responses.responded_at
        and earlier_encounters.served_at >= {{ timestamp_add_days('responses.responded_at', -365) }}
    left join employees on earlier_encounters.employee_id = employees.employee_id
    where coalesce(responses.ticket_id != earlier_encounters.subject_id, true)
),

all_encounters as (
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
    select * from weighted_encounters
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
    from all_encounters
    where employee_id is not null
)

select * from final
