{#- SQL text of a number for messages: without decimals where it is whole, else with two. -#}
{% macro short_number(expression) -%}
    case
        when {{ expression }} = floor({{ expression }}) then cast(cast({{ expression }} as bigint) as string)
        else cast(cast(round({{ expression }}, 2) as decimal(18, 2)) as string)
    end
{%- endmacro %}
