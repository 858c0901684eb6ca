{{ config(materialized='incremental', pre_hook=[
    "{{ remember_previous_customers(timeline_entity('kept'), 'source_id') }}",
    "{{ delete_changed_records(timeline_entity('kept'), 'source_id') }}",
]) }}
{%- set streams = [
    'int_timeline__orders', 'int_timeline__subscriptions', 'int_timeline__surveys', 'int_timeline__tickets',
    'int_timeline__contacts', 'int_timeline__mentions',
] -%}

with streams as (
    {% for stream in streams -%}
    select * from {{ ref(stream) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        {{ hash_key(['source', 'event_type', 'source_id', 'occurred_at']) }} as event_id,
        customer_key,
        occurred_at,
        event_type,
        source,
        source_id,
        channel,
        touchpoint,
        actor,
        text,
        cast(duration_seconds as double) as duration_seconds,
        cast(promised_wait_seconds as double) as promised_wait_seconds,
        cast(actual_wait_seconds as double) as actual_wait_seconds,
        cast(amount_cents as double) as amount_cents,
        cast(score as double) as score
    from streams
    where customer_key is not null and occurred_at < {{ as_of_timestamp() }}
    {{ and_changed_records(timeline_entity('streams'), 'source_id') }}
)

select * from final
