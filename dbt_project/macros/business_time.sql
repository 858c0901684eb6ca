{#- Business minutes between two moments: both sides join `int_service__business_days` once, and the difference of their
    places on the calendar's clock is the answer, whatever lies between them.

        select {{ business_minutes('tickets.opened_at', 'tickets.resolved_at', 'opened_days', 'resolved_days') }}
        from tickets
        {{ left_join_business_day('opened_days', 'tickets.calendar', 'tickets.opened_at') }}
        {{ left_join_business_day('resolved_days', 'tickets.calendar', 'tickets.resolved_at') }} -#}
{% macro business_minutes(start_expression, end_expression, start_days='start_days', end_days='end_days') -%}
    {{ steady(business_position(end_days, end_expression) ~ ' - ' ~ business_position(start_days, start_expression)) }}
{%- endmacro %}


{% macro left_join_business_day(alias, calendar, moment) -%}
    left join {{ ref('int_service__business_days') }} as {{ alias }}
        on {{ alias }}.calendar = {{ calendar }} and {{ alias }}.utc_day = cast({{ moment }} as date)
{%- endmacro %}


{#- Minutes that the calendar was open from its beginning until the moment. At most two stretches of opening hours a
    weekday make at most three a UTC day. -#}
{% macro business_position(alias, moment) -%}
    {%- set minute = seconds_between('cast(' ~ alias ~ '.utc_day as timestamp)', moment) ~ ' / 60' -%}
    ({{ alias }}.minutes_before
    {%- for piece in [1, 2, 3] %}
        + greatest(least({{ minute }}, {{ alias }}.closes_{{ piece }}) - {{ alias }}.opens_{{ piece }}, 0)
    {%- endfor %})
{%- endmacro %}


{#- Minutes after midnight of a time of day written as 08:30; 24:00 is the end of the day. -#}
{% macro minute_of_day(time_text) -%}
    (cast(substr({{ time_text }}, 1, 2) as integer) * 60 + cast(substr({{ time_text }}, 4, 2) as integer))
{%- endmacro %}
