{#- Keyword that computes a common table expression once. Without it DuckDB rewrites windows over the expression into self joins,
    and planning a chain of them takes exponential time. Spark does not, and has no such keyword. -#}
{% macro materialized() -%} {{ return(adapter.dispatch('materialized')()) }} {%- endmacro %}

{% macro default__materialized() -%} materialized {%- endmacro %}

{% macro spark__materialized() -%} {%- endmacro %}
