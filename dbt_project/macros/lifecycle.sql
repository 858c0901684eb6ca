{#- Jinja integer: number of past months; the lifecycle stage is computed at the beginning of each. -#}
{% macro lifecycle_months() -%} {{ return(var('lifecycle_months')) }} {%- endmacro %}


{#- Jinja integer: number of months of activity that these lifecycle stages need. -#}
{% macro activity_months() -%} {{ return(lifecycle_months() + 6) }} {%- endmacro %}


{#- SQL date: first day of the month that lies this number of months before the month of `as_of`. -#}
{% macro months_before(months) -%} {{ add_months(month_of(as_of_date()), -months) }} {%- endmacro %}


{#- SQL expression: sum of the activity of months `first` to `last`, counted back from `as_of`; with `active_only` the number of
    active months. -#}
{% macro activity_of(first, last, active_only=false) -%}
    (
        {%- for month in range(first, last + 1) -%}
            {%- if active_only -%} case when activity_{{ month }} > 0 then 1 else 0 end {%- else -%} activity_{{ month }} {%- endif -%}
            {{ ' + ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}


{#- SQL date: day from which a relation is no longer new or won back. -#}
{% macro settled_on() -%}
    {{ add_days('began_on', 'case when relation_number = 1 then ' ~ threshold('value', 'new_customer_days')
        ~ ' else ' ~ threshold('value', 'won_back_days') ~ ' end') }}
{%- endmacro %}


{#- Jinja boolean: whether this incremental run has the same complete months as the previous run. A month counts once it has
    ended; the run of the first day of a month still lacks the month before. -#}
{% macro is_in_same_month() -%}
    {%- set previous, current = night('previous_as_of') | string, night('as_of') | string -%}
    {{ return(is_incremental_run() and previous[:7] == current[:7] and previous[8:] != '01') }}
{%- endmacro %}
