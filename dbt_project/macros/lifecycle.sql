{#- First day of the month from which on the lifecycle is judged each month, or of a month `earlier` months before. -#}
{% macro oldest_lifecycle_month(earlier=0) -%}
    {{ add_months(month_of(as_of_date()), '-cast(' ~ threshold('value', 'lifecycle_months') ~ ' as integer) - ' ~ earlier) }}
{%- endmacro %}
