with events as (
    select * from {{ ref('int_identity__events') }}
),

claims as (
    select * from {{ ref('int_identity__claims') }}
),

final as (
    select
        {{ hash_key(['events.event_date', 'events.event', 'events.customer_id', 'events.link_id']) }} as event_id,
        events.event_date,
        events.event,
        events.customer_id,
        events.customer_key,
        events.previous_customer_key,
        events.because,
        events.link_id,
        claims.identifier_type,
        {{ hash_key('claims.identifier') }} as identifier_md5,
        events.linked_customer_id
    from events
    left join claims on events.link_id = claims.link_id
)

select * from final
