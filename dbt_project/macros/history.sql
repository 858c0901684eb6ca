{#- What earlier nights published of a table whose yml says `meta: {history: true}`: its rows with `as_of` before tonight. -#}
{% macro history(table) -%}
    (
        select published.*
        from {{ source('lake_history', table) }} as published
        where published.as_of < {{ as_of_date() }}
    )
{%- endmacro %}


{#- Every snapshot of a feature table in the lake from before tonight: earlier nights and what models were trained on. -#}
{% macro feature_history(table) -%}
    (
        select snapshots.*
        from {{ source('lake_features', table) }} as snapshots
        where snapshots.as_of < {{ as_of_date() }}
    )
{%- endmacro %}
