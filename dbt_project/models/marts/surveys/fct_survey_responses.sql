{{ config(materialized='incremental', unique_key=['response_id']) }}
with responses as (
    select * from {{ ref('stg_survey__responses') }}
    where responded_at < {{ as_of_timestamp() }}
    {{ and_changed_records("'response'", 'response_id') }}
),

invitations as (
    select
        invitation_id,
        customer_id,
        email,
        touchpoint,
        survey_type
    from {{ ref('stg_survey__invitations') }}
),

employees as (
    select
        employee_id,
        team
    from {{ ref('int_employees') }}
),

completed as (
    select
        responses.*,
        coalesce(responses.customer_id, invitations.customer_id) as known_customer_id,
        {{ normal_email('coalesce(responses.email, invitations.email)') }} as known_email,
        coalesce(responses.touchpoint, invitations.touchpoint) as known_touchpoint,
        coalesce(responses.survey_type, invitations.survey_type) as known_survey_type
    from responses
    left join invitations on responses.invitation_id = invitations.invitation_id
),

final as (
    select
        completed.response_id,
        coalesce(by_id.customer_key, by_email.customer_key) as customer_key,
        completed.invitation_id,
        completed.responded_at,
        {{ to_date('completed.responded_at') }} as response_date,
        completed.known_survey_type as survey_type,
        completed.nps,
        completed.csat,
        completed.ces,
        completed.comment,
        completed.language,
        completed.channel,
        completed.known_touchpoint as touchpoint,
        completed.product,
        completed.employee_id,
        employees.team,
        completed.order_id,
        completed.ticket_id
    from completed
    left join employees on completed.employee_id = employees.employee_id
    {{ left_join_identifier('by_id', 'customer_id', 'completed.known_customer_id') }}
    {{ left_join_identifier('by_email', 'email', 'completed.known_email', at='completed.responded_at') }}
)

select * from final
