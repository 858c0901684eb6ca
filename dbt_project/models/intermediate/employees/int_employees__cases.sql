with limits as (
    select {{ threshold('employees', 'scorecard_days') }} as scorecard_days
),

measures as (
    select * from {{ ref('scorecard_measures') }}
),

tickets as (
    select tickets.*
    from {{ ref('fct_tickets') }} as tickets
    cross join limits
    where tickets.closed_at is null or tickets.closed_at >= {{ timestamp_add_days(as_of_timestamp(), '-limits.scorecard_days - 90') }}
),

observed as (
    select
        'csat' as measure,
        responses.response_id as case_id,
        responses.employee_id,
        coalesce(tickets.category, responses.touchpoint) as category,
        tickets.priority_at_opening as priority,
        coalesce(tickets.channel, responses.channel) as channel,
        responses.responded_at as observed_at,
        cast(responses.csat as double) as value
    from {{ ref('fct_survey_responses') }} as responses
    left join tickets on responses.ticket_id = tickets.ticket_id
    where responses.csat is not null
    union all
    select
        'first_contact_resolution' as measure,
        tickets.ticket_id as case_id,
        tickets.employee_id,
        tickets.category,
        tickets.priority_at_opening as priority,
        tickets.channel,
        resolutions.resolved_at as observed_at,
        cast(case when resolutions.is_first_contact_resolved then 1 else 0 end as double) as value
    from {{ ref('int_service__first_contact_resolution') }} as resolutions
    inner join tickets on resolutions.ticket_id = tickets.ticket_id
    where resolutions.is_eligible
    union all
    select
        'resolution_in_time' as measure,
        tickets.ticket_id as case_id,
        tickets.employee_id,
        tickets.category,
        tickets.priority_at_opening as priority,
        tickets.channel,
        coalesce(tickets.resolved_at, tickets.closed_at) as observed_at,
        cast(case when tickets.resolution_state = 'met' then 1 else 0 end as double) as value
    from tickets
    where tickets.is_resolved
),

final as (
    select
        observed.measure,
        observed.case_id,
        observed.employee_id,
        coalesce(observed.category, 'unknown') as category,
        coalesce(observed.priority, 'unknown') as priority,
        coalesce(observed.channel, 'unknown') as channel,
        observed.value
    from observed
    inner join measures on observed.measure = measures.measure
    cross join limits
    where
        observed.employee_id is not null
        and observed.observed_at >= {{ timestamp_add_days(as_of_timestamp(), '-limits.scorecard_days') }}
)

select * from final
