{#- Daily sums add up to the sums of any window, so the scores of past nights are recomputed from the answers. -#}
with scores as (
    select * from {{ ref('int_survey_scores') }}
),

windows as (
    select * from {{ ref('metric_windows') }}
),

scales as (
    select * from {{ ref('satisfaction_scales') }}
),

bounds as (
    select
        {{ add_days(as_of_date(), '1 - ' ~ threshold('surveys', 'trend_days')) }} as first_day,
        {{ as_of_date() }} as last_day
),

nights as (
    select
        spine.day as metric_date,
        {{ days_between('spine.day', as_of_date()) }} as nights_ago
    from {{ day_spine('bounds', 'first_day', 'last_day') }} as spine
),

days as {{ materialized() }} (
    select
        metric,
        dimension,
        dimension_value,
        days_ago,
        count(*) as responses,
        sum(score) as score_sum,
        sum(score * score) as square_sum,
        sum(case when score > 0 then 1 else 0 end) as high_count,
        sum(case when score < 0 then 1 else 0 end) as low_count
    from scores
    group by metric, dimension, dimension_value, days_ago
),

window_sums as (
    select
        nights.metric_date,
        days.metric,
        days.dimension,
        days.dimension_value,
        windows.window_days,
        cast(sum(days.responses) as double) as responses,
        sum(days.score_sum) as score_sum,
        sum(days.square_sum) as square_sum,
        cast(sum(days.high_count) as double) as high_count,
        cast(sum(days.low_count) as double) as low_count
    from days
    inner join nights on days.days_ago > nights.nights_ago
    inner join windows on days.days_ago <= nights.nights_ago + windows.window_days
    group by nights.metric_date, days.metric, days.dimension, days.dimension_value, windows.window_days
),

window_scores as (
    select
        *,
        score_sum / responses as mean_score,
        greatest(square_sum - score_sum * score_sum / responses, 0) / nullif(responses - 1, 0) as score_variance,
        {{ adjusted_nps_share('high_count', 'responses') }} as promoter_share,
        {{ adjusted_nps_share('low_count', 'responses') }} as detractor_share
    from window_sums
),

bounded as (
    select
        *,
        {{ steady(interval_centre()) }} as centre,
        {{ var('interval_z') }} * {{ steady(interval_standard_error()) }} as half_width
    from window_scores
),

final as (
    select
        {{ as_of_date() }} as as_of,
        bounded.metric_date,
        bounded.metric,
        bounded.dimension,
        bounded.dimension_value,
        bounded.window_days,
        {{ steady('bounded.mean_score') }} as value,
        case
            when bounded.half_width is not null
                then {{ steady('greatest(bounded.centre - bounded.half_width, scales.lowest)') }}
        end as interval_low,
        case
            when bounded.half_width is not null
                then {{ steady('least(bounded.centre + bounded.half_width, scales.highest)') }}
        end as interval_high,
        cast(bounded.responses as bigint) as response_count,
        bounded.responses >= {{ threshold('shared', 'minimum_sample') }} as is_reportable
    from bounded
    inner join scales on bounded.metric = scales.metric
)

select * from final
