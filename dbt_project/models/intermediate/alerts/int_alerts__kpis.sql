{#- Each case counts as its gap to the KPI's target, so a mean below 0 misses the target. For a KPI that is a median, a
    case counts as +1/2 or -1/2: the median misses its target exactly when more than half of the cases do. -#}
with responses as (
    select * from {{ ref('fct_survey_responses') }}
),

observations as (
    select * from {{ ref('int_surveys__kpi_observations') }}
),

definitions as (
    select * from {{ ref('kpi_definitions') }}
    where not is_standing
),

targets as (
    select * from {{ ref('kpi_targets') }}
),

cases as (
    select
        'nps' as metric,
        response_date as day,
        cast({{ nps_points('nps') }} as double) as value
    from responses
    where nps is not null
    union all
    select
        'csat_mean' as metric,
        response_date as day,
        cast(csat as double) as value
    from responses
    where csat is not null
    union all
    select
        'ces_mean' as metric,
        response_date as day,
        cast(ces as double) as value
    from responses
    where ces is not null
    union all
    select
        metric,
        {{ add_days(as_of_date(), '-days_ago') }} as day,
        value
    from observations
),

gaps as (
    select
        definitions.metric,
        cases.day,
        case when definitions.is_higher_better then 1 else -1 end * (cases.value - targets.target) as gap,
        definitions.estimator
    from cases
    inner join definitions on cases.metric = definitions.metric
    inner join targets on cases.metric = targets.metric
    where cases.value is not null
),

final as (
    select
        'kpi' as signal,
        'kpi' as dimension,
        metric as dimension_value,
        day,
        count(*) as case_count,
        {{ steady("sum(case when estimator = 'median' then case when gap < 0 then -0.5 else 0.5 end else gap end)") }} as total
    from gaps
    group by metric, day
)

select * from final
