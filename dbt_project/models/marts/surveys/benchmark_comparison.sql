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

scores as (
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

-- Per competitor (or the industry), a benchmark of the same dimension value takes precedence over the overall one.
benchmark_matches as (
    select
        scores.*,
        benchmarks.kind,
        benchmarks.competitor,
        benchmarks.benchmark,
        benchmarks.dimension as benchmark_dimension,
        benchmarks.dimension_value as benchmark_dimension_value,
        benchmarks.measured_year,
        benchmarks.source_en,
        row_number() over (
            partition by
                scores.metric, scores.dimension, scores.dimension_value, scores.window_days, coalesce(benchmarks.competitor, 'industry')
            order by case when benchmarks.dimension = scores.dimension then 0 else 1 end
        ) as fit_rank
    from scores
    inner join benchmarks
        on scores.metric = benchmarks.metric
        and (
            benchmarks.dimension = 'overall'
            or (scores.dimension = benchmarks.dimension and scores.dimension_value = benchmarks.dimension_value)
        )
),

leads as (
    select
        *,
        case when is_higher_better then value - benchmark else benchmark - value end as lead,
        case when is_higher_better then interval_high - benchmark else benchmark - interval_low end as best_lead,
        case when is_higher_better then interval_low - benchmark else benchmark - interval_high end as worst_lead
    from benchmark_matches
    where fit_rank = 1
),

final as (
    select
        {{ as_of_date() }} as as_of,
        {{ as_of_date() }} as metric_date,
        leads.metric,
        leads.dimension,
        leads.dimension_value,
        leads.window_days,
        leads.kind,
        coalesce(leads.competitor, 'industry') as compared_with,
        leads.value,
        leads.interval_low,
        leads.interval_high,
        leads.sample_size,
        leads.is_reportable,
        leads.is_higher_better,
        leads.benchmark,
        leads.benchmark_dimension,
        leads.benchmark_dimension_value,
        leads.measured_year as benchmark_year,
        coalesce(
            extract(year from {{ as_of_date() }}) - leads.measured_year > settings.stale_years, false
        ) as is_benchmark_stale,
        leads.source_en as benchmark_source_en,
        {{ steady('leads.lead') }} as lead,
        {{ steady(ratio('leads.lead', 'leads.benchmark - leads.share_from')) }} as relative_lead,
        case
            when leads.best_lead < 0 then 'behind'
            when leads.worst_lead > 0 then 'ahead'
            else 'level'
        end as standing,
        leads.is_reportable
        and coalesce(
            {{ steady(ratio('leads.lead', 'leads.benchmark - leads.share_from')) }} <= -settings.cliff_share, false
        ) as is_tolerance_cliff
    from leads
    cross join settings
)

select * from final
