{#- Response rate and CSAT deviation of the segment in the longest window. With too few answers, the values of all
    customers are used; without those, the assumptions in surveys_thresholds. -#}
with rates as (
    select * from {{ ref('survey_response_rates') }}
    where is_reportable
),

windows as (
    select max(window_days) as longest from {{ ref('metric_windows') }}
),

settings as (
    select
        {{ threshold('surveys', 'expected_response_share') }} as response_share,
        {{ threshold('surveys', 'csat_deviation') }} as deviation,
        {{ threshold('shared', 'minimum_sample') }} as minimum_sample
),

quotas as (
    select * from {{ ref('survey_quotas') }}
),

scores as (
    select
        dimension_value as segment,
        stddev_samp(score) as deviation,
        count(*) as answer_count
    from {{ ref('int_survey_scores') }}
    where metric = 'csat_mean' and dimension in ('overall', 'segment') and days_ago <= (select longest from windows)
    group by dimension, dimension_value
),

final as (
    select
        quotas.segment as quota_segment,
        coalesce(own_rates.response_share, overall_rates.response_share, settings.response_share) as response_share,
        {{ steady('coalesce(own_scores.deviation, overall_scores.deviation, settings.deviation)') }} as deviation
    from quotas
    cross join windows
    cross join settings
    left join rates as own_rates
        on own_rates.dimension = 'segment'
        and quotas.segment = own_rates.dimension_value
        and windows.longest = own_rates.window_days
    left join rates as overall_rates
        on overall_rates.dimension = 'overall' and windows.longest = overall_rates.window_days
    left join scores as own_scores
        on quotas.segment = own_scores.segment and settings.minimum_sample <= own_scores.answer_count
    left join scores as overall_scores
        on overall_scores.segment = 'all' and settings.minimum_sample <= overall_scores.answer_count
)

select * from final
