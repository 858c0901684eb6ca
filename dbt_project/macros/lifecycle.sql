{#- Months back that the lifecycle is judged at the beginning of each month, and months of activity that this takes. -#}
{% macro lifecycle_months() -%} {{ return(var('lifecycle_months')) }} {%- endmacro %}

{% macro activity_months() -%} {{ return(lifecycle_months() + 6) }} {%- endmacro %}


{#- First day of the month that lies so many months before that of the night. -#}
{% macro months_before(months) -%} {{ add_months(month_of(as_of_date()), -months) }} {%- endmacro %}


{#- Activity of a range of months, each counted back from the night. -#}
{% macro activity_of(first, last, active_only=false) -%}
    (
        {%- for month in range(first, last + 1) -%}
            {%- if active_only -%} case when activity_{{ month }} > 0 then 1 else 0 end {%- else -%} activity_{{ month }} {%- endif -%}
            {{ ' + ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}


{#- When a relation is no longer new. -#}
{% macro settled_on() -%}
    {{ add_days('began_on', 'case when relation_number = 1 then ' ~ threshold('value', 'new_customer_days')
        ~ ' else ' ~ threshold('value', 'won_back_days') ~ ' end') }}
{%- endmacro %}


{#- Whether tonight sees the same months as the night that the build goes on from: a month counts once it is over, and is judged
    from the night after its end on. -#}
{% macro is_in_same_month() -%}
    {%- set since, tonight = night('previous_as_of') | string, night('as_of') | string -%}
    {{ return(is_incremental_run() and since[:7] == tonight[:7] and since[8:] != '01') }}
{%- endmacro %}
