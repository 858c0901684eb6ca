with customers as (
    select
        *,
        case when email is not null then 'email' when phone is not null then 'sms' end as invitation_channel
    from {{ ref('dim_customers') }}
    where is_current and coalesce(is_contactable, true) and (email is not null or phone is not null)
),

settings as (
    select
        cast({{ threshold('surveys', 'fatigue_days') }} as bigint) as fatigue_days,
        cast({{ threshold('surveys', 'event_valid_days') }} as bigint) as event_valid_days,
        {{ threshold('surveys', 'active_days') }} as active_days
),

quotas as (
    select * from {{ ref('survey_quotas') }}
),

touchpoints as (
    select * from {{ ref('survey_touchpoints') }}
),

features as (
    select * from {{ ref('customer_features') }}
    where as_of = {{ as_of_date() }}
),

last_asked as (
    select
        customer_key,
        max(occurred_at) as last_asked_at
    from {{ ref('int_timeline__surveys') }}
    where customer_key is not null and occurred_at < {{ as_of_timestamp() }}
    group by customer_key
),

events as (
    select
        'ticket_resolved' as trigger_event,
        ticket_id as event_id,
        customer_key,
        resolved_at as happened_at
    from {{ ref('fct_tickets') }}
    where is_resolved
    union all
    select
        'order_delivered' as trigger_event,
        order_id as event_id,
        customer_key,
        delivered_at as happened_at
    from {{ ref('fct_orders') }}
    where is_delivered
    union all
    select
        'customer_joined' as trigger_event,
        customer_key as event_id,
        customer_key,
        created_at as happened_at
    from customers
    union all
    select
        'random_customer' as trigger_event,
        features.customer_key as event_id,
        features.customer_key,
        {{ as_of_timestamp() }} as happened_at
    from features
    cross join settings
    where features.has_active_subscription or features.days_since_last_order <= settings.active_days
),

due_events as (
    select
        events.*,
        touchpoints.touchpoint,
        touchpoints.touchpoint_rank,
        row_number() over (
            partition by events.customer_key
            order by touchpoints.touchpoint_rank asc, events.happened_at desc, events.event_id asc
        ) as reason_rank
    from events
    inner join touchpoints on events.trigger_event = touchpoints.trigger_event
    cross join settings
    where
        {{ days_between('events.happened_at', as_of_date()) }}
        between touchpoints.wait_days and touchpoints.wait_days + settings.event_valid_days
),

final as (
    select
        customers.customer_key,
        customers.customer_id,
        coalesce(customers.segment, 'unknown') as segment,
        coalesce(quotas.segment, 'other segments') as quota_segment,
        coalesce(customers.is_vip, false) as is_vip,
        customers.language,
        customers.invitation_channel,
        due_events.touchpoint,
        case when due_events.trigger_event in ('ticket_resolved', 'order_delivered') then due_events.event_id end as event_id,
        case when due_events.trigger_event != 'random_customer' then due_events.happened_at end as happened_at,
        last_asked.last_asked_at
    from customers
    inner join due_events on customers.customer_key = due_events.customer_key and due_events.reason_rank = 1
    cross join settings
    left join last_asked on customers.customer_key = last_asked.customer_key
    left join quotas on customers.segment = quotas.segment
    where last_asked.last_asked_at is null or {{ days_between('last_asked.last_asked_at', as_of_date()) }} >= settings.fatigue_days
)

select * from final
