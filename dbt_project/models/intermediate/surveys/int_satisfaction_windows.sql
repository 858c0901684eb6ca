{#- Period 0 is the window that ends at as_of; period 1 is the window of the same length before it. -#}
with scores as (
    select * from {{ ref('int_survey_scores') }}
),

windows as (
    select * from {{ ref('metric_windows') }}
),

periods as (
    select
        scores.metric,
        scores.dimension,
        scores.dimension_value,
        windows.window_days,
        case when scores.days_ago <= windows.window_days then 0 else 1 end as period,
        scores.score
    from scores
    inner join windows on scores.days_ago <= 2 * windows.window_days
),

window_sums as (
    select
        metric,
        dimension,
        dimension_value,
        window_days,
        period,
        cast(count(*) as double) as responses,
        sum(score) as score_sum,
        sum(score * score) as square_sum,
        cast(sum(case when score > 0 then 1 else 0 end) as double) as high_count,
        cast(sum(case when score < 0 then 1 else 0 end) as double) as low_count
    from periods
    group by metric, dimension, dimension_value, window_days, period
),

window_statistics as (
    select
        *,
        score_sum / responses as mean_score,
        greatest(square_sum - score_sum * score_sum / responses, 0) / nullif(responses - 1, 0) as score_variance,
        {{ adjusted_nps_share('high_count', 'responses') }} as promoter_share,
        {{ adjusted_nps_share('low_count', 'responses') }} as detractor_share
    from window_sums
),

final as (
    select
        metric,
        dimension,
        dimension_value,
        window_days,
        period,
        responses,
        mean_score,
        {{ steady(interval_centre()) }} as centre,
        {{ steady(interval_standard_error()) }} as standard_error
    from window_statistics
)

select * from final
