{#- Rows per day, minutes and time zones. -#}

{#- Subquery of one DATE column `day`. For each row of `relation`, one row per day from `first_day` to `last_day`
    (expressions over its columns); none where either is NULL. -#}
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


{#- SQL timestamp moved by whole minutes. -#}
{% macro add_minutes(timestamp_expression, minutes) -%}
    {{ return(adapter.dispatch('add_minutes')(timestamp_expression, minutes)) }}
{%- endmacro %}

{% macro default__add_minutes(timestamp_expression, minutes) -%}
    (cast({{ timestamp_expression }} as timestamp) + to_minutes(cast({{ minutes }} as bigint)))
{%- endmacro %}

{% macro spark__add_minutes(timestamp_expression, minutes) -%}
    timestampadd(minute, cast({{ minutes }} as int), cast({{ timestamp_expression }} as timestamp))
{%- endmacro %}


{#- SQL timestamp: UTC time of a local time in an IANA time zone such as Europe/Berlin, with daylight saving. -#}
{% macro local_to_utc(local_timestamp, time_zone) -%}
    {{ return(adapter.dispatch('local_to_utc')(local_timestamp, time_zone)) }}
{%- endmacro %}

{% macro default__local_to_utc(local_timestamp, time_zone) -%}
    timezone('UTC', timezone({{ time_zone }}, {{ local_timestamp }}))
{%- endmacro %}

{% macro spark__local_to_utc(local_timestamp, time_zone) -%}
    to_utc_timestamp({{ local_timestamp }}, {{ time_zone }})
{%- endmacro %}
