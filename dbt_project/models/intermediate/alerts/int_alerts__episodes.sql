{#- Gaps and islands, twice: days running until the rule is satisfied, then days of the alert with short pauses in between. -#}
with conditions as (
    select * from {{ ref('int_alerts__conditions') }}
),

quiet as (
    select {{ threshold('alerts', 'alert_quiet_days') }} as quiet_days
),

runs as {{ materialized() }} (
    select
        *,
        day_number - row_number() over (partition by rule_code, dimension_value order by day_number) as run_number
    from conditions
),

counted as {{ materialized() }} (
    select
        *,
        row_number() over (partition by rule_code, dimension_value, run_number order by day_number) as days_running
    from runs
),

raised as {{ materialized() }} (
    select
        *,
        lag(day_number) over (partition by rule_code, dimension_value order by day_number) as previous_day_number
    from counted
    where days_running >= consecutive_days
),

numbered as {{ materialized() }} (
    select
        raised.*,
        sum(
            case when raised.day_number - raised.previous_day_number <= quiet.quiet_days then 0 else 1 end
        ) over (
            partition by raised.rule_code, raised.dimension_value
            order by raised.day_number rows between unbounded preceding and current row
        ) as episode_number
    from raised
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
    from numbered
    group by rule_code, dimension_value, episode_number
)

select * from final
