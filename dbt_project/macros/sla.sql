{#- SQL text: state of a clock against its target: met (stopped in time), breached (over the target, stopped or not), at_risk
    (running, over `at_risk_share` of the target) or running; NULL without a target. -#}
{% macro sla_state(elapsed_minutes, target_minutes, at_risk_share, is_stopped, is_missed='false') -%}
    case
        when {{ target_minutes }} is null then null
        when {{ elapsed_minutes }} > {{ target_minutes }} or {{ is_missed }} then 'breached'
        when {{ is_stopped }} then 'met'
        when {{ elapsed_minutes }} >= {{ target_minutes }} * {{ at_risk_share }} then 'at_risk'
        else 'running'
    end
{%- endmacro %}
