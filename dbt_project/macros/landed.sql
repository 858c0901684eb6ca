{#- Rows of a landed table that are in the flow tonight: landed up to the night, and not in quarantine then. -#}
{% macro landed(source_name, table_name) -%}
    (
        select landing.*
        from {{ source(source_name, table_name) }} as landing
        where
            landing._as_of <= {{ as_of_date() }}
            and not exists (
                select 1
                from {{ source(source_name ~ '_quarantine', table_name) }} as quarantine
                where
                    quarantine._load_id = landing._load_id
                    and quarantine._row_number = landing._row_number
                    and {{ is_held('quarantine') }}
            )
    )
{%- endmacro %}


{#- A quarantine entry holds its row back until the night that releases it. -#}
{% macro is_held(quarantine) -%}
    ({{ quarantine }}.released_as_of is null or {{ quarantine }}.released_as_of > {{ as_of_date() }})
{%- endmacro %}
