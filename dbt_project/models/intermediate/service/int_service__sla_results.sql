{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__tickets', 'ticket_id') }}") }}
{%- set metrics = {
    'first_response': ['priority_at_first_response', 'coalesce(first_response_at, resolved_at, closed_at)', 'first_response'],
    'resolution': ['priority_at_resolution', 'case when is_resolved then coalesce(resolved_at, closed_at) end', 'resolution'],
    'response_level': ['priority_at_opening', 'coalesce(level_answered_at, closed_at)', 'level'],
} -%}
with tickets as (
    select * from {{ ref('fct_tickets') }}
    {{ filter_to_changed('int_changes__tickets', 'ticket_id') }}
),

final as (
    {%- for metric, parts in metrics.items() %}
    select
        ticket_id,
        '{{ metric }}' as sla_metric,
        {{ parts[0] }} as priority,
        team,
        channel,
        category,
        lane,
        response_level,
        {{ parts[1] }} as ended_at,
        {{ parts[2] }}_state as state,
        {{ parts[2] }}_target_minutes as target_minutes,
        {{ parts[2] }}_clock_minutes as clock_minutes,
        is_never_answered
    from tickets
    where {{ parts[2] }}_state is not null
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select * from final
