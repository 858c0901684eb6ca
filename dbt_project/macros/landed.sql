{#- Rows of a landed table that are in the flow tonight: landed up to the night, and not in quarantine then. A model that
    goes on from an earlier night gets those that came into the flow since: landed later, or released from quarantine. -#}
{% macro landed(source_name, table_name) -%}
    (
        select landing.*
        from {{ source(source_name, table_name) }} as landing
        where
            landing._as_of <= {{ as_of_date() }}
            {%- if goes_on() %}
            and landing._as_of > {{ since_date() }}
            {%- endif %}
            and not exists ({{ entries(source_name, table_name) }} and {{ is_held('quarantine') }})
        {%- if goes_on() %}
        union all
        select landing.*
        from {{ source(source_name, table_name) }} as landing
        where
            landing._as_of <= {{ since_date() }}
            and exists ({{ entries(source_name, table_name) }} and quarantine.released_as_of > {{ since_date() }})
            and not exists ({{ entries(source_name, table_name) }} and {{ is_held('quarantine') }})
        {%- endif %}
    )
{%- endmacro %}


{#- What the quarantine says of a row of `landing`. -#}
{% macro entries(source_name, table_name) -%}
                select 1
                from {{ source(source_name ~ '_quarantine', table_name) }} as quarantine
                where
                    quarantine._load_id = landing._load_id
                    and quarantine._row_number = landing._row_number
{%- endmacro %}


{#- A quarantine entry holds its row back until the night that releases it. -#}
{% macro is_held(quarantine) -%}
    ({{ quarantine }}.released_as_of is null or {{ quarantine }}.released_as_of > {{ as_of_date() }})
{%- endmacro %}
