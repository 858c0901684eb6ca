{#- Spines, clocks and time zones. -#}

{#- One row per day from the first to the last (both DATE expressions over `relation`), column `day`; none where either is
    NULL. Use it in brackets after `from`. -#}
{% macro day_spine(relation, first_day, last_day) -%}
    {{ return(adapter.dispatch('day_spine')(relation, first_day, last_day)) }}
{%- endmacro %}

{% macro default__day_spine(relation, first_day, last_day) -%}
    (
        select cast(unnest(generate_series(cast({{ first_day }} as timestamp), cast({{ last_day }} as timestamp), interval 1 day)) as date) as day
        from {{ relation }}
    )
{%- endmacro %}

{% macro spark__day_spine(relation, first_day, last_day) -%}
    (
        select explode(sequence({{ first_day }}, {{ last_day }}, interval 1 day)) as day
        from {{ relation }}
    )
{%- endmacro %}


{#- A timestamp moved by whole minutes. -#}
{% macro add_minutes(timestamp_expression, minutes) -%}
    {{ return(adapter.dispatch('add_minutes')(timestamp_expression, minutes)) }}
{%- endmacro %}

{% macro default__add_minutes(timestamp_expression, minutes) -%}
    (cast({{ timestamp_expression }} as timestamp) + to_minutes(cast({{ minutes }} as bigint)))
{%- endmacro %}

{% macro spark__add_minutes(timestamp_expression, minutes) -%}
    timestampadd(minute, cast({{ minutes }} as int), cast({{ timestamp_expression }} as timestamp))
{%- endmacro %}


{#- The UTC time of a local time in a time zone of the IANA list, such as Europe/Berlin; daylight saving is minded. -#}
{% macro local_to_utc(local_timestamp, time_zone) -%}
    {{ return(adapter.dispatch('local_to_utc')(local_timestamp, time_zone)) }}
{%- endmacro %}

{% macro default__local_to_utc(local_timestamp, time_zone) -%}
    timezone('UTC', timezone({{ time_zone }}, {{ local_timestamp }}))
{%- endmacro %}

{% macro spark__local_to_utc(local_timestamp, time_zone) -%}
    to_utc_timestamp({{ local_timestamp }}, {{ time_zone }})
{%- endmacro %}
