{#- Each KPI per window and period: 0 is the window that ends with the night, 1 the one of the same length before. -#}
with observations as (
    select * from {{ ref('int_surveys__kpi_observations') }}
),

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

windows as (
    select * from {{ ref('metric_windows') }}
),

placed as (
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
    from placed
    where value is not null
    group by metric, unit_id, window_days, period
),

counted as (
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

ordered as (
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
        counted.metric,
        counted.window_days,
        counted.period,
        max(case when ordered.value_rank = counted.low_rank then ordered.value end) as median_low,
        max(case when ordered.value_rank = counted.high_rank then ordered.value end) as median_high
    from counted
    inner join ordered
        on counted.metric = ordered.metric
        and counted.window_days = ordered.window_days
        and counted.period = ordered.period
        and ordered.value_rank in (counted.low_rank, counted.high_rank)
    group by counted.metric, counted.window_days, counted.period
),

final as (
    select
        counted.metric,
        cast(counted.window_days as bigint) as window_days,
        counted.period,
        counted.sample_size,
        {{ steady("case when definitions.estimator = 'median' then counted.median_value else counted.mean_value end") }} as value,
        case definitions.estimator
            when 'share' then {{ wilson_low('counted.value_sum', 'counted.sample_size') }}
            else {{ steady('bounds.median_low') }}
        end as interval_low,
        case definitions.estimator
            when 'share' then {{ wilson_high('counted.value_sum', 'counted.sample_size') }}
            else {{ steady('bounds.median_high') }}
        end as interval_high
    from counted
    inner join definitions on counted.metric = definitions.metric
    left join bounds
        on counted.metric = bounds.metric and counted.window_days = bounds.window_days and counted.period = bounds.period
)

select * from final
