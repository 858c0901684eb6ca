{#- SQL text: value of the dimension of `responses` whose name is in the column. -#}
{% macro answer_dimension(dimension) -%}
    case {{ dimension }}
        {%- for name in ['region', 'segment', 'product', 'channel', 'touchpoint', 'team'] %}
        when '{{ name }}' then responses.{{ name }}
        {%- endfor %}
    end
{%- endmacro %}
