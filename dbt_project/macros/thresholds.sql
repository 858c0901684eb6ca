{#- One number of the seed `<domain>_thresholds` as a scalar subquery; `shared_thresholds` has those that several domains use.
    The test `holds_thresholds` proves that the number exists. -#}
{% macro threshold(domain, name) -%}
    (select max(value) from {{ ref(domain ~ '_thresholds') }} where name = '{{ name }}')
{%- endmacro %}
