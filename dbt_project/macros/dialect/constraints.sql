{#- Parquet tables on Spark hold no constraints. Columns and types of a contract are still checked; what must not be empty
    is checked by the audit. -#}
{% macro spark__persist_constraints(relation, model) -%} {%- endmacro %}
