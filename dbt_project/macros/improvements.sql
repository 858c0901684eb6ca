{#- Value of the dimension of `responses` that a column names. -#}
{% macro answer_dimension(dimension) -%}
    case {{ dimension }}
        {%- for name in ['region', 'segment', 'product', 'channel', 'touchpoint', 'team'] %}
        when '{{ name }}' then responses.{{ name }}
        {%- endfor %}
    end
{%- endmacro %}
