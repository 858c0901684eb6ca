{%- set timeline, lines = ref('fct_customer_timeline'), ref('int_order_lines') -%}
{%- set and_changed_tonight = and_changed_records(timeline_entity('timeline'), 'source_id') -%}
{%- set and_order_changed_tonight = and_changed_records("'order'", 'order_id') -%}
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
        {{ and_changed_tonight }}
    union
    select customer_key from {{ previous_version(timeline) }}
    union
    select customer_key
    from {{ lines }} as lines
    where
        customer_key is not null
        {{ and_order_changed_tonight }}
    union
    select customer_key from {{ previous_version(lines) }}
    where customer_key is not null
    {%- endif %}
)

select * from final
