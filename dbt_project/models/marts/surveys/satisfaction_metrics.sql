with windows as (
    select * from {{ ref('int_satisfaction_windows') }}
),

industry_benchmarks as (
    select * from {{ ref('benchmarks') }}
    where kind = 'industry'
),

scales as (
    select * from {{ ref('satisfaction_scales') }}
),

period_pairs as (
    select
        metric,
        dimension,
        dimension_value,
        window_days,
        max(case when period = 0 then mean_score end) as value,
        max(case when period = 0 then centre end) as centre,
        max(case when period = 0 then standard_error end) as standard_error,
        max(case when period = 0 then responses else 0 end) as responses,
        max(case when period = 1 then mean_score end) as previous_value,
        max(case when period = 1 then standard_error end) as previous_standard_error,
        max(case when period = 1 then responses else 0 end) as previous_responses
    from windows
    group by metric, dimension, dimension_value, window_days
),

final as (
    select
        {{ as_of_date() }} as metric_date,
        {{ as_of_date() }} as as_of,
        period_pairs.metric,
        period_pairs.dimension,
        period_pairs.dimension_value,
        cast(period_pairs.window_days as bigint) as window_days,
        {{ steady('period_pairs.value') }} as value,
        case
            when period_pairs.standard_error is not null
                then {{ steady('greatest(period_pairs.centre - ' ~ var('interval_z') ~ ' * period_pairs.standard_error, scales.lowest)') }}
        end as interval_low,
        case
            when period_pairs.standard_error is not null
                then {{ steady('least(period_pairs.centre + ' ~ var('interval_z') ~ ' * period_pairs.standard_error, scales.highest)') }}
        end as interval_high,
        cast(period_pairs.responses as bigint) as response_count,
        period_pairs.responses >= {{ threshold('shared', 'minimum_sample') }} as is_reportable,
        coalesce(scope_benchmarks.benchmark, overall_benchmarks.benchmark) as benchmark,
        {{ steady('period_pairs.previous_value') }} as previous_value,
        {{ steady('period_pairs.value - period_pairs.previous_value') }} as change,
        coalesce(
            period_pairs.responses >= {{ threshold('shared', 'minimum_sample') }}
            and period_pairs.previous_responses >= {{ threshold('shared', 'minimum_sample') }}
            and abs(period_pairs.value - period_pairs.previous_value) > {{ var('interval_z') }} * sqrt(
                period_pairs.standard_error * period_pairs.standard_error
                + period_pairs.previous_standard_error * period_pairs.previous_standard_error
            ),
            false
        ) as is_significant_change
    from period_pairs
    inner join scales on period_pairs.metric = scales.metric
    left join industry_benchmarks as scope_benchmarks
        on period_pairs.metric = scope_benchmarks.metric
        and period_pairs.dimension = scope_benchmarks.dimension
        and period_pairs.dimension_value = scope_benchmarks.dimension_value
    left join industry_benchmarks as overall_benchmarks
        on period_pairs.metric = overall_benchmarks.metric
        and overall_benchmarks.dimension = 'overall'
)

select * from final
