{{ config(tags=['decide']) }}
with satisfaction as (
    select * from {{ ref('satisfaction_metrics') }}
    where dimension = 'overall'
),

windows as (
    select * from {{ ref('int_surveys__kpi_windows') }}
    union all
    select * from {{ ref('int_surveys__kpi_customer_value') }}
),

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

targets as (
    select * from {{ ref('kpi_targets') }}
),

industry_benchmarks as (
    select * from {{ ref('benchmarks') }}
    where kind = 'industry' and dimension = 'overall'
),

minimum as (
    select {{ threshold('shared', 'minimum_sample') }} as sample_size
),

periods as (
    select
        metric,
        window_days,
        max(case when period = 0 then value end) as value,
        max(case when period = 0 then interval_low end) as interval_low,
        max(case when period = 0 then interval_high end) as interval_high,
        max(case when period = 0 then sample_size else 0 end) as sample_size,
        max(case when period = 1 then value end) as previous_value,
        max(case when period = 1 then interval_low end) as previous_low,
        max(case when period = 1 then interval_high end) as previous_high,
        max(case when period = 1 then sample_size else 0 end) as previous_sample_size
    from windows
    group by metric, window_days
),

-- There is no single standard error for medians and shares; their change is significant where the intervals do not overlap.
scored as (
    select
        metric,
        window_days,
        value,
        interval_low,
        interval_high,
        response_count as sample_size,
        is_reportable,
        previous_value,
        is_significant_change
    from satisfaction
    union all
    select
        periods.metric,
        periods.window_days,
        periods.value,
        periods.interval_low,
        periods.interval_high,
        periods.sample_size,
        periods.sample_size >= minimum.sample_size as is_reportable,
        periods.previous_value,
        coalesce(
            least(periods.sample_size, periods.previous_sample_size) >= minimum.sample_size
            and (periods.interval_low > periods.previous_high or periods.interval_high < periods.previous_low),
            false
        ) as is_significant_change
    from periods
    cross join minimum
),

rated as (
    select
        scored.*,
        definitions.kpi_rank,
        definitions.kpi_en,
        definitions.kpi_zh,
        definitions.unit_en,
        definitions.unit_zh,
        definitions.is_higher_better,
        targets.target,
        industry_benchmarks.benchmark,
        case when definitions.is_higher_better then 1 else -1 end as direction
    from scored
    inner join definitions on scored.metric = definitions.metric
    left join targets on scored.metric = targets.metric
    left join industry_benchmarks on scored.metric = industry_benchmarks.metric
),

final as (
    select
        {{ as_of_date() }} as as_of,
        {{ as_of_date() }} as metric_date,
        metric as kpi,
        kpi_rank,
        kpi_en,
        kpi_zh,
        window_days,
        value,
        interval_low,
        interval_high,
        sample_size,
        is_reportable,
        unit_en,
        unit_zh,
        is_higher_better,
        target,
        {{ steady('value - target') }} as target_gap,
        case
            when target is null then 'no_target'
            when value is null or not is_reportable then 'too_few'
            when direction * (value - target) >= 0 then 'on_target'
            else 'off_target'
        end as status,
        coalesce(target < interval_low or target > interval_high, false) as is_beyond_chance,
        benchmark,
        {{ steady('value - benchmark') }} as benchmark_gap,
        previous_value,
        {{ steady('value - previous_value') }} as change,
        is_significant_change
    from rated
)

select * from final
