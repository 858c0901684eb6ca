{#- SQL double: business minutes between two moments. Both moments join `int_service__business_days`, which has the running
    total of open minutes per calendar; the result is the difference of the two totals.

        select {{ business_minutes('tickets.opened_at', 'tickets.resolved_at', 'opened_days', 'resolved_days') }}
        from tickets
        {{ left_join_business_day('opened_days', 'tickets.calendar', 'tickets.opened_at') }}
        {{ left_join_business_day('resolved_days', 'tickets.calendar', 'tickets.resolved_at') }} -#}
{% macro business_minutes(start_expression, end_expression, start_days='start_days', end_days='end_days') -%}
    {{ steady(business_position(end_days, end_expression) ~ ' - ' ~ business_position(start_days, start_expression)) }}
{%- endmacro %}


{#- `left join` of the business day of a moment. -#}
{% macro left_join_business_day(alias, calendar, moment) -%}
    left join {{ ref('int_service__business_days') }} as {{ alias }}
        on {{ alias }}.calendar = {{ calendar }} and {{ alias }}.utc_day = cast({{ moment }} as date)
{%- endmacro %}


{#- SQL expression: minutes that the calendar was open from its first day until the moment. A weekday has at most two opening
    periods; in UTC they fall into at most three periods a day. -#}
{% macro business_position(alias, moment) -%}
    {%- set minute = seconds_between('cast(' ~ alias ~ '.utc_day as timestamp)', moment) ~ ' / 60' -%}
    ({{ alias }}.minutes_before
    {%- for piece in [1, 2, 3] %}
        + greatest(least({{ minute }}, {{ alias }}.closes_{{ piece }}) - {{ alias }}.opens_{{ piece }}, 0)
    {%- endfor %})
{%- endmacro %}


{#- SQL integer: minutes after midnight of a time of day such as 08:30; 24:00 is the end of the day. -#}
{% macro minute_of_day(time_text) -%}
    (cast(substr({{ time_text }}, 1, 2) as integer) * 60 + cast(substr({{ time_text }}, 4, 2) as integer))
{%- endmacro %}
