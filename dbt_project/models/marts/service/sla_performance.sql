{%- set dimensions = ['priority', 'team', 'channel', 'category', 'lane', 'response_level'] -%}
{#- A window counts the clocks that stopped in it and the open clocks that are over their target: without the latter, a neglected
    ticket would stay invisible until it is resolved. -#}
with results as (
    select
        *,
        {{ days_between('ended_at', as_of_date()) }} as days_ago,
        ended_at is null and state = 'breached' as is_open_breach
    from {{ ref('int_service__sla_results') }}
),

windows as (
    select * from {{ ref('metric_windows') }}
),

windowed as (
    select
        windows.window_days,
        results.*,
        results.is_open_breach or results.days_ago <= windows.window_days as is_counted
    from results
    inner join windows on results.ended_at is null or results.days_ago <= windows.window_days
),

cuts as (
    select
        'overall' as dimension,
        'all' as dimension_value,
        windowed.*
    from windowed
    {%- for dimension in dimensions %}
    union all
    select
        '{{ dimension }}' as dimension,
        coalesce({{ dimension }}, 'unknown') as dimension_value,
        windowed.*
    from windowed
    {%- endfor %}
),

cut_counts as (
    select
        sla_metric,
        dimension,
        dimension_value,
        window_days,
        count(case when is_counted then 1 end) as ticket_count,
        count(case when is_counted and state = 'met' then 1 end) as met_count,
        count(case when is_counted and state = 'breached' then 1 end) as breached_count,
        count(case when is_open_breach then 1 end) as open_breached_count,
        count(case when state = 'at_risk' then 1 end) as at_risk_count,
        count(case when state = 'running' then 1 end) as running_count,
        count(case when is_counted and is_never_answered then 1 end) as never_answered_count,
        {{ median('case when ended_at is not null then clock_minutes end') }} as median_minutes,
        {{ quantile('case when ended_at is not null then clock_minutes end', 0.9) }} as p90_minutes,
        avg(case when is_counted then clock_minutes / target_minutes end) as mean_target_use
    from cuts
    group by sla_metric, dimension, dimension_value, window_days
),

final as (
    select
        {{ as_of_date() }} as metric_date,
        {{ as_of_date() }} as as_of,
        sla_metric,
        dimension,
        dimension_value,
        cast(window_days as bigint) as window_days,
        cast(ticket_count as bigint) as ticket_count,
        cast(met_count as bigint) as met_count,
        cast(breached_count as bigint) as breached_count,
        {{ steady(ratio('met_count', 'ticket_count')) }} as met_share,
        {{ wilson_low('met_count', 'ticket_count') }} as interval_low,
        {{ wilson_high('met_count', 'ticket_count') }} as interval_high,
        ticket_count >= {{ threshold('shared', 'minimum_sample') }} as is_reportable,
        {{ steady('median_minutes') }} as median_minutes,
        {{ steady('p90_minutes') }} as p90_minutes,
        {{ steady('mean_target_use') }} as mean_target_use,
        cast(never_answered_count as bigint) as never_answered_count,
        cast(open_breached_count as bigint) as open_breached_count,
        cast(at_risk_count as bigint) as at_risk_count,
        cast(running_count as bigint) as running_count
    from cut_counts
)

select * from final
