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
        {{ threshold('journey', 'minimum_sample') }} as minimum_sample
),

seen as (
    select
        promises.*,
        'all' as seen_segment,
        'all' as seen_touchpoint
    from promises
    union all
    select
        promises.*,
        segment as seen_segment,
        'all' as seen_touchpoint
    from promises
    union all
    select
        promises.*,
        'all' as seen_segment,
        touchpoint as seen_touchpoint
    from promises
),

counted as (
    select
        promise,
        seen_touchpoint as touchpoint,
        seen_segment as segment,
        min(unit) as unit,
        count(*) as promise_count,
        count(score) as answer_count,
        sum(case when broken_units <= 0 then 1 else 0 end) as kept_count,
        avg(promised_units) as mean_promised_units,
        avg(actual_units) as mean_actual_units,
        {{ median('broken_units') }} as median_broken_units,
        {{ quantile('broken_units', 0.9) }} as units_to_keep_nine_of_ten
    from seen
    group by promise, seen_touchpoint, seen_segment
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
        counted.promise,
        counted.touchpoint,
        counted.segment,
        sides.side,
        counted.unit,
        cast(counted.promise_count as bigint) as promise_count,
        {{ steady('counted.mean_promised_units') }} as mean_promised_units,
        {{ steady('counted.mean_actual_units') }} as mean_actual_units,
        {{ steady('counted.median_broken_units') }} as median_broken_units,
        {{ steady('counted.units_to_keep_nine_of_ten') }} as units_to_keep_nine_of_ten,
        {{ steady(ratio('counted.kept_count', 'counted.promise_count')) }} as kept_share,
        {{ wilson_low('counted.kept_count', 'counted.promise_count') }} as kept_share_low,
        {{ wilson_high('counted.kept_count', 'counted.promise_count') }} as kept_share_high,
        cast(counted.answer_count as bigint) as answer_count,
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
    from counted
    cross join sides
    cross join bounds
    left join slopes
        on counted.promise = slopes.promise
        and counted.touchpoint = slopes.touchpoint
        and counted.segment = slopes.segment
        and sides.side = slopes.side
)

select * from final
