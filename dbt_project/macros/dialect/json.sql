{#- SQL text: JSON object of the named fields of another JSON object and of the named columns. Absent values are null. -#}
{% macro json_of(json_expression, fields, columns) -%}
    {{ return(adapter.dispatch('json_of')(json_expression, fields, columns)) }}
{%- endmacro %}

{% macro default__json_of(json_expression, fields, columns) -%}
    cast(json_object(
        {%- for field in fields %} '{{ field | replace("'", "''") }}', {{ json_expression }} -> '$."{{ field | replace("'", "''") }}"',{% endfor -%}
        {%- for column in columns %} '{{ column.split(".") | last }}', {{ column }}{% if not loop.last %},{% endif %}{% endfor -%}
    ) as string)
{%- endmacro %}

{% macro spark__json_of(json_expression, fields, columns) -%}
    to_json(named_struct(
        {%- for field in fields %} '{{ field }}', {{ json_field(json_expression, field) }},{% endfor -%}
        {%- for column in columns %} '{{ column.split(".") | last }}', {{ column }}{% if not loop.last %},{% endif %}{% endfor -%}
    ), map('ignoreNullFields', 'false'))
{%- endmacro %}

