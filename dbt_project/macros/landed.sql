{#- Subquery of the accepted rows of a landed table: landed up to `as_of` and not quarantined. In an incremental run only the rows
    that are new since the previous run: landed later, or released from quarantine. -#}
{% macro landed(source_name, table_name) -%}
    (
        select landing.*
        from {{ source(source_name, table_name) }} as landing
        anti join {{ quarantine_entries(source_name, table_name, is_quarantined('quarantine')) }} as quarantined
            on landing._load_id = quarantined._load_id and landing._row_number = quarantined._row_number
        where
            landing._as_of <= {{ as_of_date() }}
            {%- if is_incremental_run() %}
            and landing._as_of > {{ previous_as_of_date() }}
            {%- endif %}
        {%- if is_incremental_run() %}
        union all
        select landing.*
        from {{ source(source_name, table_name) }} as landing
        semi join {{ quarantine_entries(source_name, table_name, 'quarantine.released_as_of > ' ~ previous_as_of_date()) }} as released
            on landing._load_id = released._load_id and landing._row_number = released._row_number
        anti join {{ quarantine_entries(source_name, table_name, is_quarantined('quarantine')) }} as quarantined
            on landing._load_id = quarantined._load_id and landing._row_number = quarantined._row_number
        where landing._as_of <= {{ previous_as_of_date() }}
        {%- endif %}
    )
{%- endmacro %}


{#- Subquery of the row keys in the quarantine of a landed table that satisfy the condition. -#}
{% macro quarantine_entries(source_name, table_name, condition) -%}
    (
            select
                quarantine._load_id,
                quarantine._row_number
            from {{ source(source_name ~ '_quarantine', table_name) }} as quarantine
            where {{ condition }}
        )
{%- endmacro %}


{#- SQL boolean: whether a quarantine entry is in force at `as_of`, that is not released yet. -#}
{% macro is_quarantined(quarantine) -%}
    ({{ quarantine }}.released_as_of is null or {{ quarantine }}.released_as_of > {{ as_of_date() }})
{%- endmacro %}
