{#- Seeds are loaded from the lake: the build stage writes them there, merged with the company's own lines
    (`warehouse.building.seeds`). On DuckDB, a seed that the lake lacks is loaded from the CSV of the checkout. -#}
{% macro seed_in_lake(model) -%}
    {{ return(var('lake') ~ '/seeds/' ~ model.name ~ '.parquet') }}
{%- endmacro %}


{% macro is_seed_in_lake(model) -%}
    {{ return(run_query("select count(*) from glob('" ~ seed_in_lake(model) ~ "')").rows[0][0] > 0) }}
{%- endmacro %}


{% macro duckdb__create_csv_table(model, agate_table) -%}
    {%- if not is_seed_in_lake(model) -%} {{ return(dbt.default__create_csv_table(model, agate_table)) }} {%- endif -%}
    {% set sql %}
        create table {{ this.render() }} as select * from read_parquet('{{ seed_in_lake(model) }}')
    {% endset %}
    {% call statement('_') -%} {{ sql }} {%- endcall %}
    {{ return(sql) }}
{%- endmacro %}


{% macro duckdb__load_csv_rows(model, agate_table) -%}
    {%- if is_seed_in_lake(model) -%} {{ return('') }} {%- endif -%}
    {{ return(dbt.duckdb__load_csv_rows(model, agate_table)) }}
{%- endmacro %}


{#- Seeds declare their column types with the names of DuckDB; some have another name in Spark. -#}
{% macro spark__seed_type(column_types, column, inferred) -%}
    {%- set type = column_types.get(column, inferred) | lower -%}
    {{ return({'varchar': 'string', 'text': 'string', 'integer': 'int', 'bool': 'boolean'}.get(type, type)) }}
{%- endmacro %}


{% macro spark__create_csv_table(model, agate_table) -%}
    {%- set column_types = model['config'].get('column_types', {}) -%}
    {% set sql %}
        create table {{ this.render() }} (
            {%- for column in agate_table.column_names %}
            {{ adapter.quote_seed_column(column, model['config'].get('quote_columns', None)) }}
            {{ spark__seed_type(column_types, column, adapter.convert_type(agate_table, loop.index0)) }}
            {%- if not loop.last -%}, {%- endif -%}
            {%- endfor %}
        )
        {{ file_format_clause() }}
        {{ location_clause() }}
    {% endset %}
    {% call statement('_') -%} {{ sql }} {%- endcall %}
    {% call statement('rows') %}
        insert into {{ this.render() }}
        select
            {%- for column in agate_table.column_names %}
            cast({{ column }} as {{ spark__seed_type(column_types, column, adapter.convert_type(agate_table, loop.index0)) }})
            {%- if not loop.last -%}, {%- endif -%}
            {%- endfor %}
        from parquet.`{{ seed_in_lake(model) }}`
    {% endcall %}
    {{ return(sql) }}
{%- endmacro %}


{% macro spark__load_csv_rows(model, agate_table) -%} {{ return('') }} {%- endmacro %}
