{#- A breach belongs to the calendar day on which its target ended, so it does not move when the ticket changes. -#}
with tickets as (
    select * from {{ ref('fct_tickets') }}
),

complaints as (
    select * from {{ ref('fct_complaints') }}
),

breaches as (
    select
        coalesce(team, 'unknown') as team,
        {{ to_date(add_minutes('opened_at', 'first_response_target_minutes')) }} as day
    from tickets
    where is_first_response_breached
    union all
    select
        coalesce(team, 'unknown') as team,
        {{ to_date(add_minutes('opened_at', 'resolution_target_minutes')) }} as day
    from tickets
    where is_resolution_breached
),

final as (
    select
        'sla_breach' as signal,
        'team' as dimension,
        team as dimension_value,
        day,
        count(*) as case_count,
        cast(count(*) as double) as total
    from breaches
    where day < {{ as_of_date() }}
    group by team, day
    union all
    select
        'complaint_wave' as signal,
        'category' as dimension,
        coalesce(category, 'unknown') as dimension_value,
        received_date as day,
        count(*) as case_count,
        cast(count(*) as double) as total
    from complaints
    where grade in ('L3', 'L4')
    group by category, received_date
)

select * from final
