{#- Overrides dbt-duckdb: new rows of an incremental model replace the rows with the same `unique_key`, NULLs included; without a
    key they are appended. -#}
{% macro duckdb__get_incremental_default_sql(arg_dict) -%}
    {%- set keys = [arg_dict.unique_key] if arg_dict.unique_key is string else (arg_dict.unique_key or []) -%}
    {%- set columns = arg_dict.dest_columns | map(attribute='quoted') | join(', ') -%}
    {%- if keys %}
    delete from {{ arg_dict.target_relation }} as kept
    using (select distinct {{ keys | join(', ') }} from {{ arg_dict.temp_relation }}) as new_keys
    where {% for key in keys %}kept.{{ key }} is not distinct from new_keys.{{ key }}{% if not loop.last %} and {% endif %}{% endfor %};
    {%- endif %}
    insert into {{ arg_dict.target_relation }} ({{ columns }})
    select {{ columns }} from {{ arg_dict.temp_relation }}
{%- endmacro %}


{#- Pre-hook: deletes all rows of a table that a full refresh rebuilds. Not on Spark, which overwrites the table. -#}
{% macro delete_all_rows() -%} {{ return(adapter.dispatch('delete_all_rows')()) }} {%- endmacro %}

{% macro default__delete_all_rows() -%} delete from {{ this }} {%- endmacro %}

{% macro spark__delete_all_rows() -%} {%- endmacro %}
