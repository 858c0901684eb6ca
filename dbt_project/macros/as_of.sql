{#- The night: everything strictly before it counts. -#}
{% macro as_of_date() -%}
    date '{{ var("as_of") }}'
{%- endmacro %}


{% macro as_of_timestamp() -%}
    timestamp '{{ var("as_of") }} 00:00:00'
{%- endmacro %}


{#- An event time that lies before the night, else NULL: what happens later is not known yet. -#}
{% macro known_by_night(timestamp_column) -%}
    case when {{ timestamp_column }} < {{ as_of_timestamp() }} then {{ timestamp_column }} end
{%- endmacro %}


{#- The nights that features and labels are computed for, as a table of one DATE column `as_of`. -#}
{% macro snapshot_dates() -%}
    (
        {%- for snapshot in (var('snapshots') or [var('as_of')]) %}
            select date '{{ snapshot }}' as as_of
            {%- if not loop.last %} union all {% endif -%}
        {%- endfor %}
    )
{%- endmacro %}
