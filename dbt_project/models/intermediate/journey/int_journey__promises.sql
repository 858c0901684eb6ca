{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__customers', 'customer_key', promise_is_outdated()) }}") }}
{#- A delivery and a ticket are answered about themselves; after a wait the next answer within the window speaks. -#}
with orders as (
    select * from {{ ref('fct_orders') }}
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

timeline as (
    select * from {{ ref('fct_customer_timeline') }}
),

scores as (
    select
        *,
        {{ threshold('journey', 'answer_days') }} as answer_days
    from {{ ref('int_journey__scores') }}
),

kinds as (
    select * from {{ ref('promise_kinds') }}
),

versions as (
    select * from {{ ref('dim_customers') }}
),

made as (
    select
        'delivery' as promise,
        order_id as promise_id,
        customer_key,
        'delivery' as touchpoint,
        delivered_at as kept_at,
        promised_days * 86400 as promised_seconds,
        delivery_days * 86400 as actual_seconds,
        days_late * 86400 as broken_seconds
    from orders
    where is_delivered and days_late is not null
    union all
    select
        'wait' as promise,
        event_id as promise_id,
        customer_key,
        coalesce(touchpoint, 'unknown') as touchpoint,
        occurred_at as kept_at,
        promised_wait_seconds as promised_seconds,
        actual_wait_seconds as actual_seconds,
        actual_wait_seconds - promised_wait_seconds as broken_seconds
    from timeline
    where event_type = 'contact' and promised_wait_seconds is not null and actual_wait_seconds is not null
    union all
    select
        'resolution' as promise,
        ticket_id as promise_id,
        customer_key,
        'support' as touchpoint,
        resolved_at as kept_at,
        {{ seconds_between('opened_at', 'promised_at') }} as promised_seconds,
        {{ seconds_between('opened_at', 'resolved_at') }} as actual_seconds,
        {{ seconds_between('promised_at', 'resolved_at') }} as broken_seconds
    from tickets
    where promised_at is not null and resolved_at is not null
),

recent as (
    select made.*
    from made
    where
        made.customer_key is not null
        and not {{ promise_is_outdated('made.') }}
    {{ filter_to_changed('int_changes__customers', 'made.customer_key', begin='and') }}
),

answers as (
    select
        recent.promise,
        recent.promise_id,
        {{ value_at_min('scores.score', event_order('scores.responded_at', 'scores.response_id')) }} as score
    from recent
    inner join scores
        on recent.customer_key = scores.customer_key
        and (
            (recent.promise = 'delivery' and scores.order_id = recent.promise_id)
            or (recent.promise = 'resolution' and scores.ticket_id = recent.promise_id)
            or (
                recent.promise = 'wait'
                and scores.responded_at >= recent.kept_at
                and {{ days_between('recent.kept_at', 'scores.responded_at') }} <= scores.answer_days
            )
        )
    group by recent.promise, recent.promise_id
),

final as (
    select
        recent.promise,
        recent.promise_id,
        recent.customer_key,
        coalesce(versions.segment, 'unknown') as segment,
        recent.touchpoint,
        recent.kept_at,
        kinds.unit,
        kinds.bin_units,
        {{ steady('recent.promised_seconds / kinds.unit_seconds') }} as promised_units,
        {{ steady('recent.actual_seconds / kinds.unit_seconds') }} as actual_units,
        {{ steady('recent.broken_seconds / kinds.unit_seconds') }} as broken_units,
        answers.score
    from recent
    inner join kinds on recent.promise = kinds.promise
    left join versions on recent.customer_key = versions.customer_key and {{ is_valid_at('recent.kept_at') }}
    left join answers on recent.promise = answers.promise and recent.promise_id = answers.promise_id
)

select * from final
