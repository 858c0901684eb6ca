{#- How DuckDB takes in the new rows of a model that goes on: they replace those of the same key (a key part may be NULL);
    without a key they are added. -#}
{% macro duckdb__get_incremental_default_sql(arg_dict) -%}
    {%- set keys = [arg_dict.unique_key] if arg_dict.unique_key is string else (arg_dict.unique_key or []) -%}
    {%- set columns = arg_dict.dest_columns | map(attribute='quoted') | join(', ') -%}
    {%- if keys %}
    delete from {{ arg_dict.target_relation }} as kept
    using (select distinct {{ keys | join(', ') }} from {{ arg_dict.temp_relation }}) as fresh
    where {% for key in keys %}kept.{{ key }} is not distinct from fresh.{{ key }}{% if not loop.last %} and {% endif %}{% endfor %};
    {%- endif %}
    insert into {{ arg_dict.target_relation }} ({{ columns }})
    select {{ columns }} from {{ arg_dict.temp_relation }}
{%- endmacro %}


{#- As a hook: empties a table that is told anew as a whole. Spark overwrites it. -#}
{% macro delete_all_rows() -%} {{ return(adapter.dispatch('delete_all_rows')()) }} {%- endmacro %}

{% macro default__delete_all_rows() -%} delete from {{ this }} {%- endmacro %}

{% macro spark__delete_all_rows() -%} {%- endmacro %}
