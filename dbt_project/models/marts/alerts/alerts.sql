with episodes as (
    select * from {{ ref('int_alerts__episodes') }}
),

rules as (
    select * from {{ ref('alert_rules') }}
),

employees as (
    select * from {{ ref('int_employees') }}
    where left_at is null
),

kpis as (
    select
        'kpi' as dimension,
        metric,
        kpi_en,
        kpi_zh
    from {{ ref('kpi_definitions') }}
),

keywords as (
    select
        'keyword' as dimension,
        keyword_code,
        keyword_en,
        keyword_zh
    from {{ ref('keyword_rules') }}
),

bounds as (
    select
        {{ threshold('alerts', 'alert_quiet_days') }} as quiet_days,
        {{ threshold('alerts', 'alert_closed_days') }} as closed_days,
        {{ add_days(as_of_date(), -1) }} as last_day
),

recency as (
    select
        episodes.*,
        bounds.last_day,
        {{ days_between('episodes.last_seen', 'bounds.last_day') }} as silent_days,
        bounds.quiet_days,
        bounds.closed_days
    from episodes
    cross join bounds
),

alert_states as (
    select
        *,
        silent_days >= quiet_days as is_closed,
        case when silent_days >= quiet_days then {{ add_days('last_seen', 'quiet_days') }} end as closed_on
    from recency
    where silent_days < quiet_days + closed_days
),

owners as (
    select
        alert_states.rule_code,
        alert_states.dimension_value,
        min(employees.employee_id) as any_owner_id,
        min(
            case
                when rules.dimension = 'team' and employees.team = alert_states.dimension_value then employees.employee_id
                when rules.dimension = 'region' and employees.region = alert_states.dimension_value then employees.employee_id
            end
        ) as near_owner_id
    from alert_states
    inner join rules on alert_states.rule_code = rules.rule_code
    left join employees on rules.owner_role = employees.role
    group by alert_states.rule_code, alert_states.dimension_value
),

alert_details as (
    select
        alert_states.*,
        rules.signal,
        rules.dimension,
        rules.severity,
        rules.owner_role,
        coalesce(owners.near_owner_id, owners.any_owner_id) as owner_id,
        rules.metric_table,
        rules.title_en,
        rules.title_zh,
        rules.message_en,
        rules.message_zh,
        coalesce(kpis.kpi_en, keywords.keyword_en, alert_states.dimension_value) as name_en,
        coalesce(kpis.kpi_zh, keywords.keyword_zh, alert_states.dimension_value) as name_zh,
        {{ short_number("case when rules.signal = 'kpi' then abs(alert_states.value) else alert_states.value end") }} as value_text,
        {{ short_number('alert_states.threshold') }} as threshold_text
    from alert_states
    inner join rules on alert_states.rule_code = rules.rule_code
    inner join owners on alert_states.rule_code = owners.rule_code and alert_states.dimension_value = owners.dimension_value
    left join kpis on rules.dimension = kpis.dimension and alert_states.dimension_value = kpis.metric
    left join keywords on rules.dimension = keywords.dimension and alert_states.dimension_value = keywords.keyword_code
),

final as (
    select
        {{ as_of_date() }} as as_of,
        {{ hash_key(['rule_code', 'dimension_value', 'first_seen']) }} as alert_id,
        {{ hash_key(['rule_code', 'dimension_value']) }} as alert_key,
        rule_code,
        signal,
        dimension,
        dimension_value,
        case when is_closed then 'closed' when first_seen = last_day then 'opened' else 'continuing' end as state,
        severity,
        first_seen,
        last_seen,
        closed_on,
        cast({{ days_between('first_seen', 'coalesce(closed_on, last_day)') }} + 1 as bigint) as days_open,
        day_count as days_with_condition,
        owner_role,
        owner_id,
        value,
        threshold,
        case_count,
        title_en,
        title_zh,
        replace(replace(replace(message_en, '{name}', name_en), '{value}', value_text), '{threshold}', threshold_text) as message_en,
        replace(replace(replace(message_zh, '{name}', name_zh), '{value}', value_text), '{threshold}', threshold_text) as message_zh,
        case when metric_table like '%.%' then metric_table else concat('marts.', metric_table) end as metric_table,
        concat(dimension, ' = ', dimension_value) as metric_rows
    from alert_details
)

select * from final
