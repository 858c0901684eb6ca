{#- Text, JSON, keys and statistics where DuckDB and Spark differ. -#}

{#- SQL text: one field of a JSON object; NULL where it is absent or null. -#}
{% macro json_field(json_expression, field) -%}
    {{ return(adapter.dispatch('json_field')(json_expression, field)) }}
{%- endmacro %}

{% macro default__json_field(json_expression, field) -%}
    json_extract_string({{ json_expression }}, '$."{{ field }}"')
{%- endmacro %}

{% macro spark__json_field(json_expression, field) -%}
    get_json_object({{ json_expression }}, '$.{{ field }}')
{%- endmacro %}


{#- SQL text: hexadecimal md5 of one or more expressions; with several, a NULL counts as empty text. -#}
{% macro hash_key(expressions) -%}
    {%- set parts = [expressions] if expressions is string else expressions -%}
    md5(
        {%- if parts | length == 1 -%}
            cast({{ parts[0] }} as string)
        {%- else -%}
            concat_ws('|' {%- for part in parts %}, coalesce(cast({{ part }} as string), ''){% endfor %})
        {%- endif -%}
    )
{%- endmacro %}


{#- SQL cast that gives NULL instead of an error. -#}
{% macro try_cast(expression, data_type) -%} try_cast({{ expression }} as {{ data_type }}) {%- endmacro %}


{#- SQL text with every match of a regular expression replaced. -#}
{% macro replace_all(expression, pattern, replacement) -%}
    {{ return(adapter.dispatch('replace_all')(expression, pattern, replacement)) }}
{%- endmacro %}

{% macro default__replace_all(expression, pattern, replacement) -%}
    regexp_replace({{ expression }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro spark__replace_all(expression, pattern, replacement) -%}
    regexp_replace({{ expression }}, r'{{ pattern }}', '{{ replacement }}')
{%- endmacro %}


{#- Aggregate, double: interpolated quantile (`share` 0-1) of the values that are not NULL; NULL without values. -#}
{% macro quantile(expression, share) -%}
    {{ return(adapter.dispatch('quantile')(expression, share)) }}
{%- endmacro %}

{% macro default__quantile(expression, share) -%}
    quantile_cont(cast({{ expression }} as double), {{ share }})
{%- endmacro %}

{% macro spark__quantile(expression, share) -%}
    percentile(cast({{ expression }} as double), {{ share }})
{%- endmacro %}

{#- Aggregate, double: median of the values that are not NULL. -#}
{% macro median(expression) -%} {{ quantile(expression, 0.5) }} {%- endmacro %}


{#- Aggregate: the value, which may be NULL, of the row with the largest ordering value. -#}
{% macro value_at_max(expression, order_expression) -%}
    {{ return(adapter.dispatch('value_at_max')(expression, order_expression)) }}
{%- endmacro %}

{% macro default__value_at_max(expression, order_expression) -%}
    arg_max_null({{ expression }}, {{ order_expression }})
{%- endmacro %}

{% macro spark__value_at_max(expression, order_expression) -%}
    max_by({{ expression }}, {{ order_expression }})
{%- endmacro %}


{#- Aggregate: the value, which may be NULL, of the row with the smallest ordering value. -#}
{% macro value_at_min(expression, order_expression) -%}
    {{ return(adapter.dispatch('value_at_min')(expression, order_expression)) }}
{%- endmacro %}

{% macro default__value_at_min(expression, order_expression) -%}
    arg_min_null({{ expression }}, {{ order_expression }})
{%- endmacro %}

{% macro spark__value_at_min(expression, order_expression) -%}
    min_by({{ expression }}, {{ order_expression }})
{%- endmacro %}


{#- SQL double: a / b; NULL where b is 0. -#}
{% macro ratio(numerator, denominator) -%}
    (cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0))
{%- endmacro %}
