with customers as (
    select count(*) as customer_count from {{ ref('dim_customers') }}
),

register as (
    select improvements.*
    from {{ ref('improvement_register') }} as improvements
    cross join customers
    where improvements.company = '{{ var("company", "demo") }}' and customers.customer_count > 0
),

answers as (
    select * from {{ ref('int_decisions__improvement_answers') }}
),

informed as (
    select
        action_id,
        count(*) as affected_count,
        sum(case when is_told then 1 else 0 end) as told_count
    from {{ ref('int_decisions__affected_customers') }}
    group by action_id
),

groups as (
    select
        action_id,
        {%- for group in ['scope', 'control'] %}
        {%- for period in ['before', 'after'] %}
        {%- set inside = "case when compared_group = '" ~ group ~ "' and period = '" ~ period ~ "' then value end" %}
        count({{ inside }}) as {{ group }}_{{ period }}_count,
        avg({{ inside }}) as {{ group }}_{{ period }},
        var_samp({{ inside }}) as {{ group }}_{{ period }}_variance{% if not (loop.last and group == 'control') %},{% endif %}
        {%- endfor %}
        {%- endfor %}
    from answers
    group by action_id
),

employees as (
    select
        role,
        min(employee_id) as owner_id
    from {{ ref('int_employees') }}
    where left_at is null
    group by role
),

changes as (
    select
        register.*,
        {%- for group in ['scope', 'control'] %}
        {%- for period in ['before', 'after'] %}
        groups.{{ group }}_{{ period }}_count,
        groups.{{ group }}_{{ period }},
        groups.{{ group }}_{{ period }}_variance,
        {%- endfor %}
        {%- endfor %}
        register.control_value is not null and groups.control_before_count > 0 and groups.control_after_count > 0 as has_control,
        scope_after - scope_before as change,
        {{ ratio('scope_before_variance', 'scope_before_count') }} + {{ ratio('scope_after_variance', 'scope_after_count') }}
            as change_variance,
        control_after - control_before as control_change,
        {{ ratio('control_before_variance', 'control_before_count') }}
        + {{ ratio('control_after_variance', 'control_after_count') }} as control_variance
    from register
    left join groups on register.action_id = groups.action_id
),

effects as (
    select
        *,
        case when has_control then change - control_change else change end as effect,
        {{ var('interval_z') }} * sqrt(case when has_control then change_variance + control_variance else change_variance end)
            as half_width,
        coalesce(least(
            scope_before_count, scope_after_count,
            case when has_control then least(control_before_count, control_after_count) else scope_after_count end
        ) >= {{ threshold('shared', 'minimum_sample') }}, false) as is_reportable,
        case when expected_effect > 0 then 1 else -1 end as direction
    from changes
),

final as (
    select
        {{ as_of_date() }} as as_of,
        {{ as_of_date() }} as metric_date,
        effects.action_id,
        effects.issue_en,
        effects.issue_zh,
        effects.action_en,
        effects.action_zh,
        case
            when effects.done_on < {{ as_of_date() }} then 'done'
            when effects.due_on < {{ as_of_date() }} then 'overdue'
            when effects.started_on < {{ as_of_date() }} then 'running'
            else 'planned'
        end as state,
        effects.owner_role,
        employees.owner_id,
        effects.due_on,
        effects.started_on,
        case when effects.done_on < {{ as_of_date() }} then effects.done_on end as done_on,
        effects.scope_dimension,
        effects.scope_value,
        effects.control_dimension,
        effects.control_value,
        effects.metric,
        effects.window_days,
        effects.expected_effect,
        case when effects.effect is null then 'none' when effects.has_control then 'difference_in_differences' else 'before_and_after' end
            as method,
        cast(coalesce(effects.scope_before_count, 0) as bigint) as before_count,
        cast(coalesce(effects.scope_after_count, 0) as bigint) as after_count,
        cast(coalesce(effects.control_before_count, 0) as bigint) as control_before_count,
        cast(coalesce(effects.control_after_count, 0) as bigint) as control_after_count,
        effects.is_reportable,
        {{ steady('effects.scope_before') }} as value_before,
        {{ steady('effects.scope_after') }} as value_after,
        {{ steady('effects.control_before') }} as control_before,
        {{ steady('effects.control_after') }} as control_after,
        {{ steady('effects.effect') }} as effect,
        {{ steady('effects.effect - effects.half_width') }} as effect_low,
        {{ steady('effects.effect + effects.half_width') }} as effect_high,
        case
            when effects.effect is null or effects.half_width is null or not effects.is_reportable then 'too_few'
            when effects.direction * effects.effect > effects.half_width then 'better'
            when effects.direction * effects.effect < -effects.half_width then 'worse'
            else 'no_effect_seen'
        end as verdict,
        cast(coalesce(informed.affected_count, 0) as bigint) as affected_count,
        cast(coalesce(informed.told_count, 0) as bigint) as told_count,
        {{ steady(ratio('informed.told_count', 'informed.affected_count')) }} as told_share
    from effects
    left join informed on effects.action_id = informed.action_id
    left join employees on effects.owner_role = employees.role
)

select * from final
