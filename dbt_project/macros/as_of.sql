{#- Jinja value of a variable that changes every night, such as `as_of`. Read from the environment variable RAPPORT_NIGHT:
    changing `--vars` invalidates dbt's partial-parse cache. Outside the stages and in unit tests: the dbt variable. -#}
{% macro night(name) -%}
    {%- set given = fromjson(env_var('RAPPORT_NIGHT', '{}')) if execute else {} -%}
    {{ return(given.get(name, var(name))) }}
{%- endmacro %}


{#- SQL date: `as_of` of the run. Only what lies strictly before counts. -#}
{% macro as_of_date() -%}
    date '{{ night("as_of") }}'
{%- endmacro %}


{#- SQL timestamp: midnight UTC of `as_of`. -#}
{% macro as_of_timestamp() -%}
    timestamp '{{ night("as_of") }} 00:00:00'
{%- endmacro %}


{#- SQL timestamp: the event time where it lies before `as_of`, else NULL, because later events are not known yet. -#}
{% macro known_by_night(timestamp_column) -%}
    case when {{ timestamp_column }} < {{ as_of_timestamp() }} then {{ timestamp_column }} end
{%- endmacro %}


{#- Subquery of one DATE column `as_of`: the snapshots for which features and labels are computed. -#}
{% macro snapshot_dates() -%}
    (
        {%- for snapshot in (night('snapshots') or [night('as_of')]) %}
            select date '{{ snapshot }}' as as_of
            {%- if not loop.last %} union all {% endif -%}
        {%- endfor %}
    )
{%- endmacro %}
