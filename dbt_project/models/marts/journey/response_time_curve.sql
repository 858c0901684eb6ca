{{ config(tags=['decide']) }}
with cells as (
    select * from {{ ref('response_times') }}
),

fits as (
    select * from {{ ref('int_journey__response_time_fits') }}
),

bins as (
    select
        bin_from_minutes,
        label_en,
        label_zh,
        lead(bin_from_minutes) over (order by bin_from_minutes) as bin_to_minutes
    from {{ ref('response_time_bins') }}
),

bounds as (
    select
        {{ threshold('journey', 'window_days') }} as window_days,
        {{ threshold('shared', 'minimum_sample') }} as minimum_sample
),

binned as (
    select
        cells.outcome,
        bins.bin_from_minutes,
        min(bins.bin_to_minutes) as bin_to_minutes,
        min(bins.label_en) as label_en,
        min(bins.label_zh) as label_zh,
        sum(cells.case_count) as case_count,
        sum(cells.mean_minutes * cells.case_count) / sum(cells.case_count) as mean_minutes,
        sum(cells.mean_log_minutes * cells.case_count) / sum(cells.case_count) as mean_log_minutes,
        sum(cells.score_sum) as score_sum,
        sum(cells.score_square_sum) as score_square_sum
    from cells
    inner join bins
        on cells.mean_minutes >= bins.bin_from_minutes
        and cells.mean_minutes < coalesce(bins.bin_to_minutes, 1e12)
    group by cells.outcome, bins.bin_from_minutes
),

bin_scores as (
    select
        *,
        score_sum / case_count as mean_score,
        greatest(score_square_sum - score_sum * score_sum / case_count, 0) / nullif(case_count - 1, 0) as score_variance
    from binned
),

final as (
    select
        {{ as_of_date() }} as as_of,
        {{ as_of_date() }} as metric_date,
        cast(bounds.window_days as bigint) as window_days,
        bin_scores.outcome,
        bin_scores.bin_from_minutes,
        bin_scores.bin_to_minutes,
        bin_scores.label_en,
        bin_scores.label_zh,
        cast(bin_scores.case_count as bigint) as case_count,
        {{ steady('bin_scores.mean_minutes') }} as mean_minutes,
        {{ steady('bin_scores.mean_score') }} as mean_score,
        case
            when bin_scores.outcome = 'resolution' then {{ wilson_low('bin_scores.score_sum', 'bin_scores.case_count') }}
            else {{ mean_interval_end('bin_scores.mean_score', 'bin_scores.score_variance', 'bin_scores.case_count', '-') }}
        end as score_low,
        case
            when bin_scores.outcome = 'resolution' then {{ wilson_high('bin_scores.score_sum', 'bin_scores.case_count') }}
            else {{ mean_interval_end('bin_scores.mean_score', 'bin_scores.score_variance', 'bin_scores.case_count', '+') }}
        end as score_high,
        bin_scores.case_count >= bounds.minimum_sample as is_reportable,
        {{ steady(
            'fits.intercept + (fits.slope_before * bin_scores.mean_log_minutes'
            ~ ' + (fits.slope_after - fits.slope_before) * greatest(bin_scores.mean_log_minutes - fits.knee_log, 0)) / ln(2)'
        ) }} as fitted_score,
        fits.knee_minutes,
        fits.knee_low,
        fits.knee_high,
        coalesce(fits.has_knee, false) as has_knee,
        fits.knee_p_value,
        fits.slope_before,
        fits.slope_after,
        fits.slope_after_low,
        fits.slope_after_high,
        fits.explained_share,
        cast(fits.case_count as bigint) as fitted_case_count
    from bin_scores
    cross join bounds
    left join fits on bin_scores.outcome = fits.outcome
)

select * from final
