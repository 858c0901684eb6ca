{#- `select` of one row: how many landed rows of a table are used, quarantined and superseded. Each outcome is counted separately:
    superseded rows are those found neither in staging nor in quarantine, not the result of a subtraction. -#}
{% macro row_account(source_name, table_name) -%}
    select
        {{ as_of_date() }} as as_of,
        '{{ source_name }}' as source,
        '{{ table_name }}' as table_name,
        count(*) as landed,
        count(staging._row_number) as used,
        count(quarantined._row_number) as quarantined,
        count(case when staging._row_number is null and quarantined._row_number is null then 1 end) as superseded
    from {{ source(source_name, table_name) }} as landing
    left join {{ ref('stg_' ~ source_name ~ '__' ~ table_name) }} as staging
        on landing._load_id = staging._load_id and landing._row_number = staging._row_number
    left join (
        select distinct quarantine._load_id, quarantine._row_number
        from {{ source(source_name ~ '_quarantine', table_name) }} as quarantine
        where {{ is_quarantined('quarantine') }}
    ) as quarantined
        on landing._load_id = quarantined._load_id and landing._row_number = quarantined._row_number
    where landing._as_of <= {{ as_of_date() }}
{%- endmacro %}
