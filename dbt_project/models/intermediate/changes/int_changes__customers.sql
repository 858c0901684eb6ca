{%- set timeline = ref('fct_customer_timeline') -%}
with timeline as (
    select * from {{ timeline }}
),

final as (
    select customer_key
    from timeline
    {%- if goes_on() %}
    where true
    {{ and_changed(timeline_entity('timeline'), 'source_id') }}
    union
    select customer_key from {{ as_before(timeline) }}
    {%- else %}
    where false
    {%- endif %}
)

select * from final
