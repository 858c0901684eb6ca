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

paired as (
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
        paired.metric,
        paired.dimension,
        paired.dimension_value,
        cast(paired.window_days as bigint) as window_days,
        {{ steady('paired.value') }} as value,
        case
            when paired.standard_error is not null
                then {{ steady('greatest(paired.centre - ' ~ var('interval_z') ~ ' * paired.standard_error, scales.lowest)') }}
        end as interval_low,
        case
            when paired.standard_error is not null
                then {{ steady('least(paired.centre + ' ~ var('interval_z') ~ ' * paired.standard_error, scales.highest)') }}
        end as interval_high,
        cast(paired.responses as bigint) as response_count,
        paired.responses >= {{ var('satisfaction_minimum_responses') }} as is_reportable,
        coalesce(scope_benchmarks.benchmark, overall_benchmarks.benchmark) as benchmark,
        {{ steady('paired.previous_value') }} as previous_value,
        {{ steady('paired.value - paired.previous_value') }} as change,
        coalesce(
            paired.responses >= {{ var('satisfaction_minimum_responses') }}
            and paired.previous_responses >= {{ var('satisfaction_minimum_responses') }}
            and abs(paired.value - paired.previous_value) > {{ var('interval_z') }} * sqrt(
                paired.standard_error * paired.standard_error
                + paired.previous_standard_error * paired.previous_standard_error
            ),
            false
        ) as is_significant_change
    from paired
    inner join scales on paired.metric = scales.metric
    left join industry_benchmarks as scope_benchmarks
        on paired.metric = scope_benchmarks.metric
        and paired.dimension = scope_benchmarks.dimension
        and paired.dimension_value = scope_benchmarks.dimension_value
    left join industry_benchmarks as overall_benchmarks
        on paired.metric = overall_benchmarks.metric
        and overall_benchmarks.dimension = 'overall'
)

select * from final
