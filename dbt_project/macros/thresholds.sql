{#- One number of the seed `<domain>_thresholds` as a scalar subquery; `tests/generic/holds_thresholds.sql` proves that it is there. -#}
{% macro threshold(domain, name) -%}
    (select max(value) from {{ ref(domain ~ '_thresholds') }} where name = '{{ name }}')
{%- endmacro %}
