{#- Overrides dbt-spark: Parquet tables have no constraints. Columns and types of a contract are still enforced; NULLs are checked
    by the audit. -#}
{% macro spark__persist_constraints(relation, model) -%} {%- endmacro %}
