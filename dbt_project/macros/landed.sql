{#- Rows of a landed table that are in the flow tonight: landed up to the night, and not in quarantine then. A model that
    goes on from an earlier night gets those that came into the flow since: landed later, or released from quarantine. -#}
{% macro landed(source_name, table_name) -%}
    (
        select landing.*
        from {{ source(source_name, table_name) }} as landing
        anti join {{ entries(source_name, table_name, is_quarantined('quarantine')) }} as held
            on landing._load_id = held._load_id and landing._row_number = held._row_number
        where
            landing._as_of <= {{ as_of_date() }}
            {%- if is_incremental_run() %}
            and landing._as_of > {{ previous_as_of_date() }}
            {%- endif %}
        {%- if is_incremental_run() %}
        union all
        select landing.*
        from {{ source(source_name, table_name) }} as landing
        semi join {{ entries(source_name, table_name, 'quarantine.released_as_of > ' ~ previous_as_of_date()) }} as released
            on landing._load_id = released._load_id and landing._row_number = released._row_number
        anti join {{ entries(source_name, table_name, is_quarantined('quarantine')) }} as held
            on landing._load_id = held._load_id and landing._row_number = held._row_number
        where landing._as_of <= {{ previous_as_of_date() }}
        {%- endif %}
    )
{%- endmacro %}


{#- The rows that the quarantine of a landed table says something of. -#}
{% macro entries(source_name, table_name, condition) -%}
    (
            select
                quarantine._load_id,
                quarantine._row_number
            from {{ source(source_name ~ '_quarantine', table_name) }} as quarantine
            where {{ condition }}
        )
{%- endmacro %}


{#- A quarantine entry holds its row back until the night that releases it. -#}
{% macro is_quarantined(quarantine) -%}
    ({{ quarantine }}.released_as_of is null or {{ quarantine }}.released_as_of > {{ as_of_date() }})
{%- endmacro %}
