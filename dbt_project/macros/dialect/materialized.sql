{#- Keyword that has a common table expression computed once: DuckDB else rewrites windows over it into self joins and
    plans chains of them in exponential time. Spark keeps windows as they are and needs no hint. -#}
{% macro materialized() -%} {{ return(adapter.dispatch('materialized')()) }} {%- endmacro %}

{% macro default__materialized() -%} materialized {%- endmacro %}

{% macro spark__materialized() -%} {%- endmacro %}
