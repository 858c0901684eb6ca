{#- Growth must also exceed random variation: the window total must be above the usual total by more than a normal
    quantile of its Poisson standard deviation. -#}
with series as (
    select * from {{ ref('int_alerts__series') }}
),

rules as (
    select * from {{ ref('alert_rules') }}
),

keyword_thresholds as (
    select
        keyword_code,
        coalesce(threshold_count, {{ threshold('surveys', 'keyword_threshold') }}) as threshold
    from {{ ref('keyword_rules') }}
),

nps_benchmark as (
    select max(benchmark) as threshold
    from {{ ref('benchmarks') }}
    where metric = 'nps' and dimension = 'overall' and kind = 'industry'
),

rule_days as (
    select
        rules.rule_code,
        rules.measure,
        rules.comparison,
        rules.minimum_count,
        rules.consecutive_days,
        rules.window_days,
        rules.baseline_days,
        series.*,
        coalesce(
            rules.threshold,
            case when rules.signal = 'nps' then nps_benchmark.threshold else keyword_thresholds.threshold end
        ) as threshold,
        series.day_number - rules.window_days as window_number,
        series.day_number - rules.window_days - rules.baseline_days as baseline_number
    from rules
    inner join series on rules.signal = series.signal and rules.dimension = series.dimension
    cross join nps_benchmark
    left join keyword_thresholds on series.dimension_value = keyword_thresholds.keyword_code
),

with_windows as (
    select
        rule_days.*,
        rule_days.cases_so_far - coalesce(before_window.cases_so_far, 0) as window_cases,
        rule_days.total_so_far - coalesce(before_window.total_so_far, 0) as window_total,
        (coalesce(before_window.total_so_far, 0) - coalesce(before_baseline.total_so_far, 0))
        * {{ ratio('rule_days.window_days', 'rule_days.baseline_days') }} as usual_total,
        rule_days.baseline_number >= rule_days.first_day_number - 1 as has_baseline
    from rule_days
    left join series as before_window
        on rule_days.signal = before_window.signal
        and rule_days.dimension = before_window.dimension
        and rule_days.dimension_value = before_window.dimension_value
        and rule_days.window_number = before_window.day_number
    left join series as before_baseline
        on rule_days.signal = before_baseline.signal
        and rule_days.dimension = before_baseline.dimension
        and rule_days.dimension_value = before_baseline.dimension_value
        and rule_days.baseline_number = before_baseline.day_number
),

with_values as (
    select
        *,
        {{ steady("case measure
            when 'mean' then " ~ ratio('window_total', 'window_cases') ~ "
            when 'growth' then " ~ ratio('window_total', 'usual_total') ~ "
            else window_total
        end") }} as value
    from with_windows
    where
        window_cases >= minimum_count
        and (
            measure != 'growth'
            or (has_baseline and window_total > usual_total + {{ var('interval_z') }} * sqrt(greatest(usual_total, 0)))
        )
),

final as (
    select
        rule_code,
        dimension_value,
        day,
        day_number,
        consecutive_days,
        value,
        threshold,
        window_cases as case_count
    from with_values
    where
        (comparison = 'below' and value < threshold)
        or (comparison = 'above' and value > threshold)
)

select * from final
