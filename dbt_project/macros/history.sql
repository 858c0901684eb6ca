{#- Subquery of the rows that earlier nights published of a table with `meta: {history: true}` in its yml. -#}
{% macro history(table) -%}
    (
        select published.*
        from {{ source('lake_history', table) }} as published
        where published.as_of < {{ as_of_date() }}
    )
{%- endmacro %}


{#- Subquery of all snapshots before `as_of` of a feature table in the lake: of earlier nights and of trainings. -#}
{% macro feature_history(table) -%}
    (
        select snapshots.*
        from {{ source('lake_features', table) }} as snapshots
        where snapshots.as_of < {{ as_of_date() }}
    )
{%- endmacro %}
