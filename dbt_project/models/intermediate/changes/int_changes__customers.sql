{%- set timeline = ref('fct_customer_timeline') -%}
{%- set and_changed_tonight = and_changed(timeline_entity('timeline'), 'source_id') -%}
with timeline as (
    select * from {{ timeline }}
),

final as (
    {%- if goes_on() %}
    select customer_key
    from timeline
    where
        true
        {{ and_changed_tonight }}
    union
    select customer_key from {{ as_before(timeline) }}
    {%- else %}
    select customer_key
    from timeline
    where false
    {%- endif %}
)

select * from final
