{#- An NPS answer counts as -100, 0 or 100. A negative voice is a complaint, an NPS answer of a detractor, or a CSAT
    answer of 1 or 2. -#}
with responses as (
    select * from {{ ref('int_survey_responses') }}
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

versions as (
    select * from {{ ref('dim_customers') }}
),

voices as (
    select
        'nps' as signal,
        coalesce(region, 'unknown') as region,
        response_date as day,
        cast({{ nps_points('nps') }} as double) as value
    from responses
    where nps is not null
    union all
    select
        'negative_voice' as signal,
        coalesce(region, 'unknown') as region,
        response_date as day,
        cast(1 as double) as value
    from responses
    where {{ is_detractor('nps') }} or {{ is_csat_bottom_box('csat') }}
    union all
    select
        'negative_voice' as signal,
        coalesce(versions.region, 'unknown') as region,
        {{ to_date('tickets.opened_at') }} as day,
        cast(1 as double) as value
    from tickets
    left join versions on tickets.customer_key = versions.customer_key and {{ is_valid_at('tickets.opened_at') }}
    where tickets.is_complaint
),

final as (
    select
        signal,
        'overall' as dimension,
        'all' as dimension_value,
        day,
        count(*) as case_count,
        sum(value) as total
    from voices
    group by signal, day
    union all
    select
        signal,
        'region' as dimension,
        region as dimension_value,
        day,
        count(*) as case_count,
        sum(value) as total
    from voices
    group by signal, region, day
)

select * from final
