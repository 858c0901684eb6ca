{#- Gaps and islands, applied twice: first to consecutive days until the rule is met, then to alert days that are
    separated by short pauses only. -#}
with conditions as (
    select * from {{ ref('int_alerts__conditions') }}
),

quiet as (
    select {{ threshold('alerts', 'alert_quiet_days') }} as quiet_days
),

with_run_number as {{ materialized() }} (
    select
        *,
        day_number - row_number() over (partition by rule_code, dimension_value order by day_number) as run_number
    from conditions
),

with_days_running as {{ materialized() }} (
    select
        *,
        row_number() over (partition by rule_code, dimension_value, run_number order by day_number) as days_running
    from with_run_number
),

alert_days as {{ materialized() }} (
    select
        *,
        lag(day_number) over (partition by rule_code, dimension_value order by day_number) as previous_day_number
    from with_days_running
    where days_running >= consecutive_days
),

with_episode_number as {{ materialized() }} (
    select
        alert_days.*,
        sum(
            case when alert_days.day_number - alert_days.previous_day_number <= quiet.quiet_days then 0 else 1 end
        ) over (
            partition by alert_days.rule_code, alert_days.dimension_value
            order by alert_days.day_number rows between unbounded preceding and current row
        ) as episode_number
    from alert_days
    cross join quiet
),

final as (
    select
        rule_code,
        dimension_value,
        cast(episode_number as bigint) as episode_number,
        min(day) as first_seen,
        max(day) as last_seen,
        cast(count(*) as bigint) as day_count,
        {{ value_at_max('value', 'day_number') }} as value,
        {{ value_at_max('threshold', 'day_number') }} as threshold,
        cast({{ value_at_max('case_count', 'day_number') }} as bigint) as case_count
    from with_episode_number
    group by rule_code, dimension_value, episode_number
)

select * from final
