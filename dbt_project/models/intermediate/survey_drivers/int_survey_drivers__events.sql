with orders as (
    select * from {{ ref('fct_orders') }}
    where is_late and delivered_at is not null
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

reopenings as (
    select
        ticket_id,
        occurred_at
    from {{ ref('int_ticket_events') }}
    where event_type = 'reopened'
),

customer_keys as (
    select * from {{ ref('int_identity__customer_keys') }}
),

contacts as (
    select * from {{ ref('stg_crm__interactions') }}
),

product_use as (
    select * from {{ ref('stg_crm__usage_daily') }}
    where outage_minutes > 0
),

prices as (
    select
        customer_key,
        valid_from,
        {{ ratio(
            'monthly_price_cents - lag(monthly_price_cents) over (partition by subscription_id order by version_number)',
            'lag(monthly_price_cents) over (partition by subscription_id order by version_number)'
        ) }} as change_share
    from {{ ref('int_subscription_versions') }}
),

all_events as (
    select
        customer_key,
        'late_order' as kind,
        delivered_at as happened_at,
        1.0 as dose,
        order_id as subject_id
    from orders
    union all
    select
        customer_key,
        'ticket' as kind,
        opened_at as happened_at,
        1.0 as dose,
        ticket_id as subject_id
    from tickets
    union all
    select
        customer_key,
        'missed_solution' as kind,
        promised_at as happened_at,
        1.0 as dose,
        ticket_id as subject_id
    from tickets
    where promised_at < coalesce(resolved_at, {{ as_of_timestamp() }})
    union all
    select
        tickets.customer_key,
        'reopening' as kind,
        reopenings.occurred_at as happened_at,
        1.0 as dose,
        tickets.ticket_id as subject_id
    from tickets
    inner join reopenings on tickets.ticket_id = reopenings.ticket_id
    union all
    select
        customer_key,
        'slow_answer' as kind,
        first_response_at as happened_at,
        ln(1 + greatest(first_response_minutes, 0) / 60) / ln(2) as dose,
        ticket_id as subject_id
    from tickets
    union all
    select
        customer_keys.customer_key,
        'contact' as kind,
        contacts.occurred_at as happened_at,
        1.0 as dose,
        contacts.interaction_id as subject_id
    from contacts
    inner join customer_keys on contacts.customer_id = customer_keys.customer_id
    union all
    select
        customer_keys.customer_key,
        'long_wait' as kind,
        contacts.occurred_at as happened_at,
        1.0 as dose,
        contacts.interaction_id as subject_id
    from contacts
    inner join customer_keys on contacts.customer_id = customer_keys.customer_id
    where contacts.wait_seconds > contacts.promised_wait_seconds
    union all
    select
        customer_keys.customer_key,
        'outage' as kind,
        cast(product_use.usage_date as timestamp) as happened_at,
        product_use.outage_minutes / 60 as dose,
        cast(product_use.usage_date as string) as subject_id
    from product_use
    inner join customer_keys on product_use.customer_id = customer_keys.customer_id
    union all
    select
        customer_key,
        'price_rise' as kind,
        valid_from as happened_at,
        100 * change_share as dose,
        cast(valid_from as string) as subject_id
    from prices
    where change_share > 0
),

final as (
    select
        customer_key,
        kind,
        happened_at,
        {{ steady('dose') }} as dose,
        subject_id
    from all_events
    where customer_key is not null and happened_at is not null
)

select * from final
