{#- A value of the night: `as_of` or `snapshots`. The stages give it in the environment variable RAPPORT_NIGHT, looked at
    only when SQL is written, so that dbt need not parse the project anew each night; by hand and in unit tests it is
    the dbt variable of that name. -#}
{% macro night(name) -%}
    {%- set given = fromjson(env_var('RAPPORT_NIGHT', '{}')) if execute else {} -%}
    {{ return(given.get(name, var(name))) }}
{%- endmacro %}


{#- The night: everything strictly before it counts. -#}
{% macro as_of_date() -%}
    date '{{ night("as_of") }}'
{%- endmacro %}


{% macro as_of_timestamp() -%}
    timestamp '{{ night("as_of") }} 00:00:00'
{%- endmacro %}


{#- An event time that lies before the night, else NULL: what happens later is not known yet. -#}
{% macro known_by_night(timestamp_column) -%}
    case when {{ timestamp_column }} < {{ as_of_timestamp() }} then {{ timestamp_column }} end
{%- endmacro %}


{#- The nights that features and labels are computed for, as a table of one DATE column `as_of`. -#}
{% macro snapshot_dates() -%}
    (
        {%- for snapshot in (night('snapshots') or [night('as_of')]) %}
            select date '{{ snapshot }}' as as_of
            {%- if not loop.last %} union all {% endif -%}
        {%- endfor %}
    )
{%- endmacro %}
