{#- Whether tonight's build goes on from the earlier night that the warehouse holds whole, instead of making all anew. -#}
{% macro is_incremental_run() -%} {{ return(execute and night('previous_as_of') is not none) }} {%- endmacro %}


{#- The night the build goes on from: what came in later, or happened later, is new. -#}
{% macro previous_as_of_date() -%} date '{{ night("previous_as_of") }}' {%- endmacro %}

{% macro previous_as_of_timestamp() -%} timestamp '{{ night("previous_as_of") }} 00:00:00' {%- endmacro %}


{#- Where a staging model goes on: its own rows that share a key with what came in, to be ranked against it. -#}
{% macro with_existing_versions(source_name, table_name, keys) -%}
    {%- if is_incremental_run() and is_incremental() %}
    union all by name
    select earlier.*
    from {{ this }} as earlier
    semi join {{ landed(source_name, table_name) }} as arrived
        on {% for key in keys %}earlier.{{ key }} is not distinct from arrived.{{ key }}{% if not loop.last %} and {% endif %}{% endfor %}
    {%- endif -%}
{%- endmacro %}


{#- Keeps what a table held on the night before, to be compared with what it holds tonight: all of it, or of what is in the
    table `changes`. -#}
{% macro remember_previous(changes=none, column=none) -%}
    {%- set restriction = filter_to_changed(changes, column) if changes -%}
    {%- if is_incremental_run() -%}
    create or replace table {{ previous_version(this) }} as select * from {{ this }} {{ restriction }}
    {%- endif -%}
{%- endmacro %}

{% macro previous_version(relation) -%} intermediate.{{ relation.identifier }}_before {%- endmacro %}


{#- Restricts a model to the records of an entity that changed since the night it goes on from; all where made anew. -#}
{% macro filter_to_changed_records(entity, column) -%}
    {%- set changes = ref('int_changes__records') if is_incremental_run() or not execute -%}
    {%- if is_incremental_run() %}
    where {{ column }} in (select record_id from {{ changes }} where entity = '{{ entity }}')
    {%- endif -%}
{%- endmacro %}

{#- The same after other conditions; `entity` is an expression. -#}
{% macro and_changed_records(entity, column) -%}
    {%- set changes = ref('int_changes__records') if is_incremental_run() or not execute -%}
    {%- if is_incremental_run() %}
    and ({{ entity }}, {{ column }}) in (select entity, record_id from {{ changes }})
    {%- endif -%}
{%- endmacro %}


{#- As a hook of the timeline that goes on: keeps whose the changed records were, before they are told anew. -#}
{% macro remember_previous_customers(entity, column) -%}
    {%- set and_changed_tonight = and_changed_records(entity, column) -%}
    {%- if is_incremental_run() -%}
    create or replace table {{ previous_version(this) }} as
    select distinct kept.customer_key
    from {{ this }} as kept
    where true {{ and_changed_tonight }}
    {%- endif -%}
{%- endmacro %}


{#- Restricts a model to what is told anew tonight: those whose key, the last word of `column`, is in the table `changes`. All
    where made anew; `begin` is `and` after other conditions. -#}
{% macro filter_to_changed(changes, column, begin='where') -%}
    {%- set anew = ref(changes) if is_incremental_run() or not execute -%}
    {%- if is_incremental_run() %}
    {{ begin }} {{ column }} in (select {{ column.split('.') | last }} from {{ anew }})
    {%- endif -%}
{%- endmacro %}

{#- As a hook of a model that goes on: takes out what it says of these, and what is `outdated` by tonight; everything where
    nothing goes on. -#}
{% macro delete_changed(changes, column, outdated='false') -%}
    {%- set anew = ref(changes) if is_incremental_run() or not execute -%}
    {%- if is_incremental_run() and is_incremental() -%}
    delete from {{ this }}
    where {{ column }} in (select {{ column }} from {{ anew }}) or {{ outdated }}
    {%- elif is_incremental() -%}
    {{ delete_all_rows() }}
    {%- endif -%}
{%- endmacro %}


{#- A table as it was on the night that the build goes on from, read by what decides which of its rows are told anew. -#}
{% macro previous_rows(schema, table) -%} {{ schema }}.{{ table }} {%- endmacro %}


{#- Restricts a model, after other conditions, to the keys that it does not hold yet; no restriction where made anew. -#}
{% macro and_not_yet_built(column) -%}
    {%- if is_incremental_run() and is_incremental() %}
    and {{ column }} not in (select distinct {{ column.split('.') | last }} from {{ this }})
    {%- endif -%}
{%- endmacro %}


{#- As a hook of a model that goes on: takes out what it says of changed records, which the model then says anew; everything
    where nothing goes on. -#}
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


{#- The kind of record behind an event of the timeline. -#}
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


{#- The kind of record that a text was written in. -#}
{% macro text_entity(texts) -%}
    case {{ texts }}.source when 'survey' then 'response' when 'social' then 'mention' else {{ texts }}.source end
{%- endmacro %}
