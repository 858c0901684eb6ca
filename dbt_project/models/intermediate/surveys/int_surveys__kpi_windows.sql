{#- Period 0 is the window that ends at as_of; period 1 is the window of the same length before it. -#}
with observations as (
    select * from {{ ref('int_surveys__kpi_observations') }}
),

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

windows as (
    select * from {{ ref('metric_windows') }}
),

observations_by_window as (
    select
        observations.metric,
        observations.unit_id,
        windows.window_days,
        case when observations.days_ago <= windows.window_days then 0 else 1 end as period,
        observations.value
    from observations
    inner join windows on observations.days_ago between 1 and 2 * windows.window_days
    union all
    select
        observations.metric,
        observations.unit_id,
        0 as window_days,
        0 as period,
        observations.value
    from observations
    inner join definitions on observations.metric = definitions.metric and definitions.is_standing
),

units as {{ materialized() }} (
    select
        metric,
        unit_id,
        window_days,
        period,
        max(value) as value
    from observations_by_window
    where value is not null
    group by metric, unit_id, window_days, period
),

statistics as (
    select
        metric,
        window_days,
        period,
        count(*) as sample_size,
        sum(value) as value_sum,
        avg(value) as mean_value,
        {{ median('value') }} as median_value,
        {{ median_rank_low('count(*)') }} as low_rank,
        {{ median_rank_high('count(*)') }} as high_rank
    from units
    group by metric, window_days, period
),

ranked_units as (
    select
        units.metric,
        units.window_days,
        units.period,
        units.value,
        row_number() over (
            partition by units.metric, units.window_days, units.period order by units.value, units.unit_id
        ) as value_rank
    from units
    inner join definitions on units.metric = definitions.metric and definitions.estimator = 'median'
),

bounds as (
    select
        statistics.metric,
        statistics.window_days,
        statistics.period,
        max(case when ranked_units.value_rank = statistics.low_rank then ranked_units.value end) as median_low,
        max(case when ranked_units.value_rank = statistics.high_rank then ranked_units.value end) as median_high
    from statistics
    inner join ranked_units
        on statistics.metric = ranked_units.metric
        and statistics.window_days = ranked_units.window_days
        and statistics.period = ranked_units.period
        and ranked_units.value_rank in (statistics.low_rank, statistics.high_rank)
    group by statistics.metric, statistics.window_days, statistics.period
),

final as (
    select
        statistics.metric,
        cast(statistics.window_days as bigint) as window_days,
        statistics.period,
        statistics.sample_size,
        {{ steady("case when definitions.estimator = 'median' then statistics.median_value else statistics.mean_value end") }} as value,
        case definitions.estimator
            when 'share' then {{ wilson_low('statistics.value_sum', 'statistics.sample_size') }}
            else {{ steady('bounds.median_low') }}
        end as interval_low,
        case definitions.estimator
            when 'share' then {{ wilson_high('statistics.value_sum', 'statistics.sample_size') }}
            else {{ steady('bounds.median_high') }}
        end as interval_high
    from statistics
    inner join definitions on statistics.metric = definitions.metric
    left join bounds
        on statistics.metric = bounds.metric and statistics.window_days = bounds.window_days and statistics.period = bounds.period
)

select * from final
