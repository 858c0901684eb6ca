with rules as (
    select * from {{ ref('alert_rules') }}
),

problems as (
    select concat(
        'alert_rules.csv, rule ',
        rule_code,
        ': signal ',
        signal,
        ' by ',
        dimension,
        ' is not watched; write nps or negative_voice by overall or region, keyword by keyword, kpi by kpi, sla_breach by ',
        'team, complaint_wave by category, model_monitoring by model'
    ) as problem
    from rules
    where
        concat(signal, '/', dimension) not in (
            'nps/overall', 'nps/region', 'negative_voice/overall', 'negative_voice/region', 'keyword/keyword', 'kpi/kpi',
            'sla_breach/team', 'complaint_wave/category', 'model_monitoring/model'
        )
    union all
    select concat(
        'alert_rules.csv, rule ',
        rule_code,
        ': measure ',
        measure,
        ' is unknown; write mean, total or growth'
    ) as problem
    from rules
    where measure not in ('mean', 'total', 'growth')
    union all
    select concat(
        'alert_rules.csv, rule ',
        rule_code,
        ': comparison ',
        comparison,
        ' is unknown; write below or above'
    ) as problem
    from rules
    where comparison not in ('below', 'above')
    union all
    select concat(
        'alert_rules.csv, rule ',
        rule_code,
        ': window_days, minimum_count and consecutive_days must be at least 1'
    ) as problem
    from rules
    where least(window_days, minimum_count, consecutive_days) < 1
    union all
    select concat(
        'alert_rules.csv, rule ',
        rule_code,
        ': growth needs baseline_days of at least its window_days, found ',
        cast(baseline_days as string)
    ) as problem
    from rules
    where measure = 'growth' and baseline_days < window_days
    union all
    select concat(
        'alert_rules.csv, rule ',
        rule_code,
        ': severity must be 1 to 4, found ',
        cast(severity as string)
    ) as problem
    from rules
    where severity not between 1 and 4
    union all
    select concat(
        'alert_rules.csv, rule ',
        rule_code,
        ': threshold is empty; write a number (only nps and keyword have one of their own)'
    ) as problem
    from rules
    where threshold is null and signal not in ('nps', 'keyword')
)

select * from problems
