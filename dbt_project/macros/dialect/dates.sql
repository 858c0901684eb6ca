{#- Date arithmetic. Arguments are SQL expressions; days and months are integers or integer expressions. -#}

{#- SQL date of a date or timestamp. -#}
{% macro to_date(expression) -%} cast({{ expression }} as date) {%- endmacro %}


{#- SQL date moved by days. -#}
{% macro add_days(date_expression, days) -%}
    {{ return(adapter.dispatch('add_days')(date_expression, days)) }}
{%- endmacro %}

{% macro default__add_days(date_expression, days) -%}
    (cast({{ date_expression }} as date) + cast({{ days }} as integer))
{%- endmacro %}

{% macro spark__add_days(date_expression, days) -%}
    date_add(cast({{ date_expression }} as date), cast({{ days }} as int))
{%- endmacro %}


{#- SQL date moved by months; the last day of a shorter month where the day does not exist. -#}
{% macro add_months(date_expression, months) -%}
    {{ return(adapter.dispatch('add_months')(date_expression, months)) }}
{%- endmacro %}

{% macro default__add_months(date_expression, months) -%}
    cast(cast({{ date_expression }} as date) + to_months(cast({{ months }} as integer)) as date)
{%- endmacro %}

{% macro spark__add_months(date_expression, months) -%}
    add_months(cast({{ date_expression }} as date), cast({{ months }} as int))
{%- endmacro %}


{#- SQL timestamp moved by whole days; the time of day stays. -#}
{% macro timestamp_add_days(timestamp_expression, days) -%}
    {{ return(adapter.dispatch('timestamp_add_days')(timestamp_expression, days)) }}
{%- endmacro %}

{% macro default__timestamp_add_days(timestamp_expression, days) -%}
    (cast({{ timestamp_expression }} as timestamp) + to_days(cast({{ days }} as integer)))
{%- endmacro %}

{% macro spark__timestamp_add_days(timestamp_expression, days) -%}
    timestampadd(day, {{ days }}, cast({{ timestamp_expression }} as timestamp))
{%- endmacro %}


{#- SQL bigint: calendar days from start to end (midnights crossed); negative where end lies before start. -#}
{% macro days_between(start_expression, end_expression) -%}
    {{ return(adapter.dispatch('days_between')(start_expression, end_expression)) }}
{%- endmacro %}

{% macro default__days_between(start_expression, end_expression) -%}
    date_diff('day', cast({{ start_expression }} as date), cast({{ end_expression }} as date))
{%- endmacro %}

{% macro spark__days_between(start_expression, end_expression) -%}
    cast(datediff(cast({{ end_expression }} as date), cast({{ start_expression }} as date)) as bigint)
{%- endmacro %}


{#- SQL double: seconds from start to end. -#}
{% macro seconds_between(start_expression, end_expression) -%}
    {{ return(adapter.dispatch('seconds_between')(start_expression, end_expression)) }}
{%- endmacro %}

{% macro default__seconds_between(start_expression, end_expression) -%}
    (cast(date_diff('millisecond', {{ start_expression }}, {{ end_expression }}) as double) / 1000)
{%- endmacro %}

{% macro spark__seconds_between(start_expression, end_expression) -%}
    (cast({{ end_expression }} as double) - cast({{ start_expression }} as double))
{%- endmacro %}


{#- SQL date: first day of the month of a date or timestamp. -#}
{% macro month_of(expression) -%} cast(date_trunc('month', {{ expression }}) as date) {%- endmacro %}


{#- SQL bigint: days since 1970-01-01, for windows over a range of days that both dialects accept. -#}
{% macro day_number(expression) -%} cast({{ days_between("date '1970-01-01'", expression) }} as bigint) {%- endmacro %}


{#- Subquery of one column `number`: the integers from 0 to `count` - 1. -#}
{% macro numbers_below(count) -%}
    (
        {%- for number in range(count) %}
            select {{ number }} as number {% if not loop.last %}union all{% endif -%}
        {%- endfor %}
    )
{%- endmacro %}
