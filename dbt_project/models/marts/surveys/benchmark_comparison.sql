{{ config(tags=['decide']) }}
with satisfaction as (
    select * from {{ ref('satisfaction_metrics') }}
    where value is not null
),

scorecard as (
    select * from {{ ref('kpi_scorecard') }}
    where value is not null
),

benchmarks as (
    select * from {{ ref('benchmarks') }}
),

scales as (
    select * from {{ ref('satisfaction_scales') }}
),

settings as (
    select
        {{ threshold('surveys', 'tolerance_cliff_share') }} as cliff_share,
        {{ threshold('surveys', 'benchmark_stale_years') }} as stale_years
),

own as (
    select
        satisfaction.metric,
        satisfaction.dimension,
        satisfaction.dimension_value,
        satisfaction.window_days,
        satisfaction.value,
        satisfaction.interval_low,
        satisfaction.interval_high,
        satisfaction.response_count as sample_size,
        satisfaction.is_reportable,
        true as is_higher_better,
        scales.share_from
    from satisfaction
    inner join scales on satisfaction.metric = scales.metric
    union all
    select
        scorecard.kpi as metric,
        'overall' as dimension,
        'all' as dimension_value,
        scorecard.window_days,
        scorecard.value,
        scorecard.interval_low,
        scorecard.interval_high,
        scorecard.sample_size,
        scorecard.is_reportable,
        scorecard.is_higher_better,
        cast(0 as double) as share_from
    from scorecard
    left join scales on scorecard.kpi = scales.metric
    where scales.metric is null
),

-- A benchmark of the scope itself stands before the one of the metric overall, company by company.
compared as (
    select
        own.*,
        benchmarks.kind,
        benchmarks.competitor,
        benchmarks.benchmark,
        benchmarks.dimension as benchmark_dimension,
        benchmarks.dimension_value as benchmark_dimension_value,
        benchmarks.measured_year,
        benchmarks.source_en,
        row_number() over (
            partition by
                own.metric, own.dimension, own.dimension_value, own.window_days, coalesce(benchmarks.competitor, 'industry')
            order by case when benchmarks.dimension = own.dimension then 0 else 1 end
        ) as fit_rank
    from own
    inner join benchmarks
        on own.metric = benchmarks.metric
        and (
            benchmarks.dimension = 'overall'
            or (own.dimension = benchmarks.dimension and own.dimension_value = benchmarks.dimension_value)
        )
),

measured as (
    select
        *,
        case when is_higher_better then value - benchmark else benchmark - value end as lead,
        case when is_higher_better then interval_high - benchmark else benchmark - interval_low end as best_lead,
        case when is_higher_better then interval_low - benchmark else benchmark - interval_high end as worst_lead
    from compared
    where fit_rank = 1
),

final as (
    select
        {{ as_of_date() }} as as_of,
        {{ as_of_date() }} as metric_date,
        measured.metric,
        measured.dimension,
        measured.dimension_value,
        measured.window_days,
        measured.kind,
        coalesce(measured.competitor, 'industry') as compared_with,
        measured.value,
        measured.interval_low,
        measured.interval_high,
        measured.sample_size,
        measured.is_reportable,
        measured.is_higher_better,
        measured.benchmark,
        measured.benchmark_dimension,
        measured.benchmark_dimension_value,
        measured.measured_year as benchmark_year,
        coalesce(
            extract(year from {{ as_of_date() }}) - measured.measured_year > settings.stale_years, false
        ) as is_benchmark_stale,
        measured.source_en as benchmark_source_en,
        {{ steady('measured.lead') }} as lead,
        {{ steady(ratio('measured.lead', 'measured.benchmark - measured.share_from')) }} as relative_lead,
        case
            when measured.best_lead < 0 then 'behind'
            when measured.worst_lead > 0 then 'ahead'
            else 'level'
        end as standing,
        measured.is_reportable
        and coalesce(
            {{ steady(ratio('measured.lead', 'measured.benchmark - measured.share_from')) }} <= -settings.cliff_share, false
        ) as is_tolerance_cliff
    from measured
    cross join settings
)

select * from final
