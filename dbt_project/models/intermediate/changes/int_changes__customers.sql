{%- set timeline, order_lines = ref('fct_customer_timeline'), ref('int_order_lines') -%}
{%- set previous_timeline = source('previous_run', 'fct_customer_timeline_previous') -%}
{%- set previous_order_lines = source('previous_run', 'int_order_lines_previous') -%}
{%- set and_event_changed = and_changed_records(timeline_entity('timeline'), 'source_id') -%}
{%- set and_order_changed = and_changed_records("'order'", 'order_id') -%}
with people as (
    select * from {{ ref('int_changes__people') }}
),

final as (
    select customer_key from people
    {%- if is_incremental_run() %}
    union
    select customer_key
    from {{ timeline }} as timeline
    where
        true
        {{ and_event_changed }}
    union
    select customer_key from {{ previous_timeline }}
    union
    select customer_key
    from {{ order_lines }} as order_lines
    where
        customer_key is not null
        {{ and_order_changed }}
    union
    select customer_key from {{ previous_order_lines }}
    where customer_key is not null
    {%- endif %}
)

select * from final
