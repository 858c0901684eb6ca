{#- Building blocks of the incremental models. How they work together:

    1. A run is incremental where the variable `previous_as_of` is set: the warehouse then contains the tables of that run.
    2. The models of `intermediate/changes` list the keys whose rows must be recomputed. They read tables of the previous run
       through the source `previous_run`, before this run replaces them.
    3. An incremental model deletes these keys in its pre-hook (`delete_changed`) and selects only them (`filter_to_changed`).
       On a full refresh nothing is filtered, so the same SQL builds the whole table. -#}

{#- Jinja boolean: whether this run is incremental. dbt's own `is_incremental()` also depends on the model: it is false where
    its table does not exist. False while dbt parses the project. -#}
{% macro is_incremental_run() -%} {{ return(execute and night('previous_as_of') is not none) }} {%- endmacro %}


{#- SQL date: the `as_of` of the previous run. Rows that were landed later, or that happened later, are new. -#}
{% macro previous_as_of_date() -%} date '{{ night("previous_as_of") }}' {%- endmacro %}


{#- SQL timestamp: midnight UTC of the `as_of` of the previous run. -#}
{% macro previous_as_of_timestamp() -%} timestamp '{{ night("previous_as_of") }} 00:00:00' {%- endmacro %}


{#- `union all` of the rows that the model already has for the keys that arrived, so that versions can be ranked together;
    nothing on a full refresh. -#}
{% macro with_existing_versions(source_name, table_name, keys) -%}
    {%- if is_incremental_run() and is_incremental() %}
    union all by name
    select existing.*
    from {{ this }} as existing
    semi join {{ landed(source_name, table_name) }} as arrived
        on {% for key in keys %}existing.{{ key }} is not distinct from arrived.{{ key }}{% if not loop.last %} and {% endif %}{% endfor %}
    {%- endif -%}
{%- endmacro %}


{#- Pre-hook: copies the table to `<model>_previous` before this run replaces it, restricted to the keys in `changes` where
    given. Models read the copy as a table of the source `previous_run`. -#}
{% macro remember_previous(changes=none, column=none) -%}
    {%- set restriction = filter_to_changed(changes, column) if changes -%}
    {%- if is_incremental_run() -%}
    create or replace table {{ previous_table() }} as select * from {{ this }} {{ restriction }}
    {%- endif -%}
{%- endmacro %}


{#- Pre-hook: copies the customers of the changed records to `<model>_previous`, before these rows are recomputed.
    `entity` is an SQL expression. -#}
{% macro remember_previous_customers(entity, column) -%}
    {%- set and_is_changed = and_changed_records(entity, column) -%}
    {%- if is_incremental_run() -%}
    create or replace table {{ previous_table() }} as
    select distinct kept.customer_key
    from {{ this }} as kept
    where true {{ and_is_changed }}
    {%- endif -%}
{%- endmacro %}


{#- Name of the copy that `remember_previous` writes. -#}
{% macro previous_table() -%} intermediate.{{ this.identifier }}_previous {%- endmacro %}


{#- `where` condition: only rows whose key is in the model `changes`; nothing on a full refresh. The key column of `changes` is
    the last word of `column`. `begin='and'` appends to other conditions. -#}
{% macro filter_to_changed(changes, column, begin='where') -%}
    {%- set changed_keys = ref(changes) if is_incremental_run() or not execute -%}
    {%- if is_incremental_run() %}
    {{ begin }} {{ column }} in (select {{ column.split('.') | last }} from {{ changed_keys }})
    {%- endif -%}
{%- endmacro %}


{#- `where` condition: only changed records of one entity (a name, such as order); nothing on a full refresh. -#}
{% macro filter_to_changed_records(entity, column) -%}
    {%- set changes = ref('int_changes__records') if is_incremental_run() or not execute -%}
    {%- if is_incremental_run() %}
    where {{ column }} in (select record_id from {{ changes }} where entity = '{{ entity }}')
    {%- endif -%}
{%- endmacro %}


{#- `and` condition: only changed records; nothing on a full refresh. `entity` is an SQL expression. -#}
{% macro and_changed_records(entity, column) -%}
    {%- set changes = ref('int_changes__records') if is_incremental_run() or not execute -%}
    {%- if is_incremental_run() %}
    and ({{ entity }}, {{ column }}) in (select entity, record_id from {{ changes }})
    {%- endif -%}
{%- endmacro %}


{#- `and` condition: only keys that the table does not have yet; nothing on a full refresh. -#}
{% macro and_not_yet_built(column) -%}
    {%- if is_incremental_run() and is_incremental() %}
    and {{ column }} not in (select distinct {{ column.split('.') | last }} from {{ this }})
    {%- endif -%}
{%- endmacro %}


{#- Pre-hook: deletes rows to be recomputed and rows matching `outdated`; on a full refresh, all rows. -#}
{% macro delete_changed(changes, column, outdated='false') -%}
    {%- set changed_keys = ref(changes) if is_incremental_run() or not execute -%}
    {%- if is_incremental_run() and is_incremental() -%}
    delete from {{ this }}
    where {{ column }} in (select {{ column }} from {{ changed_keys }}) or {{ outdated }}
    {%- elif is_incremental() -%}
    {{ delete_all_rows() }}
    {%- endif -%}
{%- endmacro %}


{#- Pre-hook: deletes the rows of changed records; on a full refresh, all rows. `entity` is an SQL expression. -#}
{% macro delete_changed_records(entity, column) -%}
    {%- set changes = ref('int_changes__records') if is_incremental_run() or not execute -%}
    {%- if is_incremental_run() and is_incremental() -%}
    delete from {{ this }} as kept
    using {{ changes }} as changes
    where changes.entity = {{ entity }} and changes.record_id = kept.{{ column }}
    {%- elif is_incremental() -%}
    {{ delete_all_rows() }}
    {%- endif -%}
{%- endmacro %}


{#- SQL expression: the entity of the record behind a timeline event, as in `int_changes__records`. -#}
{% macro timeline_entity(events) -%}
    case
        when {{ events }}.event_type in ('order_placed', 'order_refunded', 'order_delivered') then 'order'
        when {{ events }}.event_type = 'contact' then 'contact'
        when {{ events }}.event_type = 'retention_contact' then 'intervention'
        when {{ events }}.event_type = 'social_mention' then 'mention'
        when {{ events }}.event_type = 'survey_invited' then 'invitation'
        when {{ events }}.event_type = 'survey_answered' then 'response'
        when {{ events }}.event_type in ('ticket_opened', 'complaint_opened') then 'ticket'
        when {{ events }}.source = 'ticket' then 'ticket_event'
        else 'subscription'
    end
{%- endmacro %}


{#- SQL expression: the entity of the record that a text belongs to, as in `int_changes__records`. -#}
{% macro text_entity(texts) -%}
    case {{ texts }}.source when 'survey' then 'response' when 'social' then 'mention' else {{ texts }}.source end
{%- endmacro %}
