{#- Seeds on Spark: their column types are written as DuckDB knows them, and Spark has no text without a length but `string`. -#}
{% macro spark__seed_type(column_types, column, inferred) -%}
    {%- set type = column_types.get(column, inferred) | lower -%}
    {{ return({'varchar': 'string', 'text': 'string', 'integer': 'int', 'bool': 'boolean'}.get(type, type)) }}
{%- endmacro %}


{#- One statement of literals; a seed is read once and small. -#}
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
    {{ return(sql) }}
{%- endmacro %}


{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set column_types = model['config'].get('column_types', {}) -%}
    {%- if agate_table.rows | length == 0 -%} {{ return('') }} {%- endif -%}
    {% set sql %}
        insert into {{ this.render() }} values
        {%- for row in agate_table.rows %}
        (
            {%- for column in agate_table.column_names -%}
            {%- set value = row[loop.index0] -%}
            cast(
                {%- if value is none %} null
                {%- else %} '{{ value | string | replace("\\", "\\\\") | replace("'", "\\'") }}'
                {%- endif %} as {{ spark__seed_type(column_types, column, adapter.convert_type(agate_table, loop.index0)) }}
            )
            {%- if not loop.last -%}, {% endif -%}
            {%- endfor -%}
        )
        {%- if not loop.last -%}, {%- endif -%}
        {%- endfor %}
    {% endset %}
    {% call statement('_') -%} {{ sql }} {%- endcall %}
    {{ return(sql) }}
{%- endmacro %}
