{{ config(tags=['decide']) }}
with promises as (
    select * from {{ ref('int_journey__promises') }}
),

slopes as (
    select * from {{ ref('int_journey__promise_slopes') }}
),

bounds as (
    select
        {{ threshold('journey', 'promise_window_days') }} as window_days,
        {{ threshold('shared', 'minimum_sample') }} as minimum_sample
),

promise_cuts as (
    select
        promises.*,
        'all' as cut_segment,
        'all' as cut_touchpoint
    from promises
    union all
    select
        promises.*,
        segment as cut_segment,
        'all' as cut_touchpoint
    from promises
    union all
    select
        promises.*,
        'all' as cut_segment,
        touchpoint as cut_touchpoint
    from promises
),

promise_counts as (
    select
        promise,
        cut_touchpoint as touchpoint,
        cut_segment as segment,
        min(unit) as unit,
        count(*) as promise_count,
        count(score) as answer_count,
        sum(case when broken_units <= 0 then 1 else 0 end) as kept_count,
        avg(promised_units) as mean_promised_units,
        avg(actual_units) as mean_actual_units,
        {{ median('broken_units') }} as median_broken_units,
        {{ quantile('broken_units', 0.9) }} as units_to_keep_nine_of_ten
    from promise_cuts
    group by promise, cut_touchpoint, cut_segment
),

sides as (
    select 'late' as side
    union all
    select 'early' as side
),

final as (
    select
        {{ as_of_date() }} as as_of,
        {{ as_of_date() }} as metric_date,
        cast(bounds.window_days as bigint) as window_days,
        promise_counts.promise,
        promise_counts.touchpoint,
        promise_counts.segment,
        sides.side,
        promise_counts.unit,
        cast(promise_counts.promise_count as bigint) as promise_count,
        {{ steady('promise_counts.mean_promised_units') }} as mean_promised_units,
        {{ steady('promise_counts.mean_actual_units') }} as mean_actual_units,
        {{ steady('promise_counts.median_broken_units') }} as median_broken_units,
        {{ steady('promise_counts.units_to_keep_nine_of_ten') }} as units_to_keep_nine_of_ten,
        {{ steady(ratio('promise_counts.kept_count', 'promise_counts.promise_count')) }} as kept_share,
        {{ wilson_low('promise_counts.kept_count', 'promise_counts.promise_count') }} as kept_share_low,
        {{ wilson_high('promise_counts.kept_count', 'promise_counts.promise_count') }} as kept_share_high,
        cast(promise_counts.answer_count as bigint) as answer_count,
        cast(coalesce(slopes.broken_answer_count, 0) as bigint) as broken_answer_count,
        coalesce(slopes.broken_answer_count, 0) >= bounds.minimum_sample as is_reportable,
        slopes.kept_score,
        slopes.broken_score,
        slopes.score_lost,
        slopes.score_lost_low,
        slopes.score_lost_high,
        slopes.slope as score_change_per_unit,
        slopes.slope_low as score_change_low,
        slopes.slope_high as score_change_high,
        slopes.plain_slope as plain_score_change_per_unit,
        slopes.unit_from,
        slopes.unit_to,
        cast(coalesce(slopes.unit_count, 0) as bigint) as unit_count,
        slopes.tolerated_units
    from promise_counts
    cross join sides
    cross join bounds
    left join slopes
        on promise_counts.promise = slopes.promise
        and promise_counts.touchpoint = slopes.touchpoint
        and promise_counts.segment = slopes.segment
        and sides.side = slopes.side
)

select * from final
